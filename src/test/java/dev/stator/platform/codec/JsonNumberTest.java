package dev.stator.platform.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.platform.codec.JsonValue.JsonNumber;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigDecimal;
import java.math.BigInteger;

class JsonNumberTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "7",
                "-7",
                "1.0",
                "1e3",
                "-1E-3",
                "0.5",
                "99999999999999999",
                "999999999999999999",
                "9223372036854775807",
                "-9223372036854775808",
                "9223372036854775808",
                "18446744073709551615",
                "18446744073709551616",
                "-9223372036854775809",
                "123456789012345678901234567890"
            })
    void aLiteralSurvivesReadingAndWriting(String literal) {
        JsonNumber number = JsonNumber.of(literal);

        assertThat(number.literal()).isEqualTo(literal);
        assertThat(Json.write(Json.parse(literal, JsonLimits.REQUEST))).isEqualTo(literal);
        assertThat(Json.parse(literal, JsonLimits.REQUEST)).isEqualTo(number);
        assertThat(number).hasSameHashCodeAs(Json.parse(literal, JsonLimits.REQUEST));
        assertThat(number.doubleValue()).isEqualTo(Double.parseDouble(literal));
        boolean whole = literal.matches("-?\\d+");
        assertThat(number.isInteger()).isEqualTo(whole);
        if (whole) {
            BigInteger exact = new BigDecimal(literal).toBigIntegerExact();
            assertThat(number.bigInteger()).isEqualTo(exact);
            assertThat(number.isUnsignedLong())
                    .isEqualTo(!literal.startsWith("-") && exact.bitLength() <= 64);
        }
    }

    @Test
    void numbersAreEqualWhenTheirLiteralsAre() {
        assertThat(JsonNumber.of(5)).isEqualTo(JsonNumber.of("5")).hasSameHashCodeAs("5");
        assertThat(JsonNumber.of(5)).isNotEqualTo(JsonNumber.of("5.0"));
        assertThat(JsonNumber.of("007")).isNotEqualTo(JsonNumber.of(7));
        assertThat(JsonNumber.ofUnsigned(-1)).isEqualTo(JsonNumber.of("18446744073709551615"));
        assertThat(JsonNumber.ofUnsigned(-1)).isNotEqualTo(JsonNumber.of(-1));
        assertThat(JsonNumber.of(-1)).isNotEqualTo(JsonNumber.ofUnsigned(-1));
    }

    @Test
    void arraysOfWholeNumbersAreReadAtOnceAndComplainedAboutByPlace() {
        JsonField array = JsonField.root(Json.parse("[1,2.0,70000]", JsonLimits.REQUEST));

        assertThat(array.integers(0, 99_999)).containsExactly(1, 2, 70_000);
        assertThatThrownBy(() -> array.integers(0, 999))
                .hasMessageContaining("[2]")
                .hasMessageContaining("must be in [0, 999]: 70000");
        assertThatThrownBy(() -> array.integers(2, 99_999)).hasMessageContaining("[0]");
    }
}
