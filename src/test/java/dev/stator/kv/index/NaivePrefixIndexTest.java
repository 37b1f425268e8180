package dev.stator.kv.index;

class NaivePrefixIndexTest extends PrefixIndexContract {

    @Override
    protected PrefixIndex newIndex() {
        return new NaivePrefixIndex();
    }
}
