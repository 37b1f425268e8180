package dev.stator.platform.codec;

import org.jspecify.annotations.Nullable;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/// The members of an object of at most `MEMBERS_MAX` members: two arrays that are searched from the
/// front, because an event has thousands of objects of two or three. Immutable.
final class SmallObject extends AbstractMap<String, JsonValue> {
    static final int MEMBERS_MAX = 8;

    private final String[] names;
    private final JsonValue[] values;
    private final int size;

    private SmallObject(String[] names, JsonValue[] values, int size) {
        this.names = names;
        this.values = values;
        this.size = size;
    }

    /// The same members in the same order, which later changes of `members` do not reach.
    static Map<String, JsonValue> copyOf(Map<String, JsonValue> members) {
        if (members instanceof SmallObject) {
            return members;
        }
        var copy = new Collector(members.size());
        members.forEach(copy::put);
        return copy.members();
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean containsKey(Object name) {
        return indexOf(names, size, name) >= 0;
    }

    @Override
    public @Nullable JsonValue get(Object name) {
        int index = indexOf(names, size, name);
        return index < 0 ? null : values[index];
    }

    @Override
    public Set<Entry<String, JsonValue>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<String, JsonValue>> iterator() {
                return new Entries();
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    private static int indexOf(String[] names, int size, Object name) {
        for (int i = 0; i < size; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private final class Entries implements Iterator<Entry<String, JsonValue>> {
        private int next;

        @Override
        public boolean hasNext() {
            return next < size;
        }

        @Override
        public Entry<String, JsonValue> next() {
            if (next >= size) {
                throw new NoSuchElementException();
            }
            return Map.entry(names[next], values[next++]);
        }
    }

    /// Gathers the members of an object in their order, many ones in a hash table. Used once.
    static final class Collector {
        private static final int ROOM_MIN = 4;

        private String[] names;
        private JsonValue[] values;
        private int size;
        private @Nullable Map<String, JsonValue> many;

        /// @param expected so many members; a guess
        Collector(int expected) {
            int room = expected <= MEMBERS_MAX ? expected : 0;
            names = new String[room];
            values = new JsonValue[room];
            many = expected <= MEMBERS_MAX ? null : LinkedHashMap.newLinkedHashMap(expected);
        }

        /// Takes the member; whether one of that name was there, whose value is now `value`.
        boolean put(String name, JsonValue value) {
            if (many != null) {
                return many.put(name, value) != null;
            }
            int known = indexOf(names, size, name);
            if (known >= 0) {
                values[known] = value;
                return true;
            }
            if (size == MEMBERS_MAX) {
                many = inTable();
                many.put(name, value);
            } else {
                append(name, value);
            }
            return false;
        }

        /// Unmodifiable; nothing may be put afterwards.
        Map<String, JsonValue> members() {
            return many == null
                    ? new SmallObject(names, values, size)
                    : Collections.unmodifiableMap(many);
        }

        private void append(String name, JsonValue value) {
            if (size == names.length) {
                int room = Math.min(MEMBERS_MAX, Math.max(ROOM_MIN, 2 * size));
                names = Arrays.copyOf(names, room);
                values = Arrays.copyOf(values, room);
            }
            names[size] = name;
            values[size++] = value;
        }

        private Map<String, JsonValue> inTable() {
            Map<String, JsonValue> table = new LinkedHashMap<>();
            for (int i = 0; i < size; i++) {
                table.put(names[i], values[i]);
            }
            return table;
        }
    }
}
