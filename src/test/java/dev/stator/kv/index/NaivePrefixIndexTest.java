package dev.stator.kv.index;

class NaivePrefixIndexTest extends PrefixIndexContract {

    @Override
    PrefixIndex newIndex() {
        return new NaivePrefixIndex();
    }
}
