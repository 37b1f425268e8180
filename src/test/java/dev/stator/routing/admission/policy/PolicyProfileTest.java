package dev.stator.routing.admission.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.routing.admission.policy.PolicyProfile.Bucket;
import dev.stator.routing.admission.policy.PolicyProfile.Cell;
import dev.stator.routing.admission.policy.PolicyProfile.Member;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

class PolicyProfileTest {
    private static final List<Bucket> BUCKETS =
            List.of(new Bucket("cached", 0), new Bucket("part", 100), new Bucket("new", 3_000));
    private static final List<Bucket> ONE_BUCKET = List.of(new Bucket("all", 0));

    @ParameterizedTest
    @CsvSource({
        "chat,    0,    chat.cached",
        "chat,    99,   chat.cached",
        "chat,    100,  chat.part",
        "chat,    2999, chat.part",
        "chat,    3000, chat.new",
        "batch,   0,    batch.cached",
        "batch,   9999, batch.new",
        "own,     9999, own",
        "unheard, 100,  chat.part",
        "batch.new, 50, chat.cached",
        ",        100,  chat.part",
    })
    void aRequestIsOfTheClassOfItsFamilyAndItsUncachedLength(
            String asked, long uncachedTokens, String expected) {
        PolicyProfile profile = matrix();
        int found = profile.classOf(Optional.ofNullable(asked), uncachedTokens);

        assertThat(profile.classes().get(found).name()).isEqualTo(expected);
    }

    @Test
    void onlyWithBucketsDoesTheClassDependOnWhatIsCached() {
        PolicyProfile matrix = matrix();
        assertThat(matrix.direct(Optional.of("chat"))).isEmpty();
        assertThat(matrix.direct(Optional.empty())).isEmpty();
        assertThat(matrix.direct(Optional.of("own")))
                .isEqualTo(OptionalInt.of(matrix.classOf(Optional.of("own"), 5)));

        PolicyProfile flat =
                PolicyProfile.of(
                        "chat", ONE_BUCKET, List.of(member("b", "batch"), member("c", "chat")));
        assertThat(flat.direct(Optional.of("batch"))).hasValue(0);
        assertThat(flat.direct(Optional.of("nobody"))).hasValue(1);
    }

    @Test
    void oneClassIsForEverybody() {
        PolicyProfile single = PolicyProfile.single(OptionalDouble.of(0.5), QueuePolicy.WSPT);

        assertThat(single.isQueueing()).isTrue();
        assertThat(single.direct(Optional.of("whatever"))).hasValue(0);
        assertThat(single.classes())
                .singleElement()
                .extracting(PolicyClass::order)
                .isEqualTo(QueuePolicy.WSPT);
        assertThat(PolicyProfile.single(OptionalDouble.empty(), QueuePolicy.FCFS).isQueueing())
                .isFalse();
    }

    @Test
    void whatDoesNotFitTogetherIsNamed() {
        refused("policy classes must be 1 to 64: 0", "chat", ONE_BUCKET, List.of());
        refused(
                "the default family \"other\" has no policy class",
                "other",
                ONE_BUCKET,
                List.of(member("c", "chat")));
        refused(
                "there are two of policy class \"c\"",
                "chat",
                ONE_BUCKET,
                List.of(member("c", "chat"), member("c", "batch")));
        refused(
                "family \"chat\" has two policy classes for bucket \"all\"",
                "chat",
                ONE_BUCKET,
                List.of(member("c", "chat"), member("d", "chat")));
        refused(
                "family \"chat\" has no policy class for bucket \"part\"",
                "chat",
                BUCKETS,
                List.of(
                        member("c", new Cell("chat", "cached")),
                        member("d", new Cell("chat", "new"))));
        refused(
                "there is no bucket \"some\"",
                "chat",
                ONE_BUCKET,
                List.of(member("c", new Cell("chat", "some"))));
        refused(
                "\"chat\" is a policy class of its own and a family",
                "chat",
                ONE_BUCKET,
                List.of(member("c", "chat"), new Member(policyClass("chat"), Optional.empty())));
    }

    @Test
    void bucketsBeginAtNothingAndGrow() {
        List<Member> chat = List.of(member("c", new Cell("chat", "a")));
        refused("the first bucket must begin at 0 tokens", "chat", List.of(), chat);
        refused(
                "the first bucket must begin at 0 tokens",
                "chat",
                List.of(new Bucket("a", 1)),
                chat);
        refused(
                "bucket \"b\" must begin above 0 tokens: 0",
                "chat",
                List.of(new Bucket("a", 0), new Bucket("b", 0)),
                chat);
        refused(
                "there are two of bucket \"a\"",
                "chat",
                List.of(new Bucket("a", 0), new Bucket("a", 5)),
                chat);
    }

    @Test
    void namesAndQuantaAreChecked() {
        assertThatThrownBy(() -> policyClass("a b"))
                .hasMessage(
                        "policy class must be 1 to 128 letters, digits, '_', '.' and '-':"
                                + " \"a b\"");
        assertThatThrownBy(
                        () ->
                                new PolicyClass(
                                        "c", QueuePolicy.FCFS, 0, BusyRule.NEVER, QueueLimits.NONE))
                .hasMessage("quantum must be in [1, 1000000000]: 0");
        assertThatThrownBy(
                        () ->
                                new QueueLimits(
                                        OptionalLong.of(-1),
                                        OptionalLong.empty(),
                                        OptionalLong.empty()))
                .hasMessageContaining("must not be negative");
        refused(
                "policy classes must be 1 to 64: 65",
                "chat",
                ONE_BUCKET,
                Collections.nCopies(65, member("c", "chat")));
    }

    private static void refused(
            String message, String family, List<Bucket> buckets, List<Member> members) {
        assertThatThrownBy(() -> PolicyProfile.of(family, buckets, members)).hasMessage(message);
    }

    private static PolicyProfile matrix() {
        List<Member> members = new ArrayList<>();
        for (String family : List.of("batch", "chat")) {
            for (Bucket bucket : BUCKETS) {
                members.add(member(family + "." + bucket.name(), new Cell(family, bucket.name())));
            }
        }
        members.add(new Member(policyClass("own"), Optional.empty()));
        return PolicyProfile.of("chat", BUCKETS, members);
    }

    private static Member member(String name, String family) {
        return member(name, new Cell(family, "all"));
    }

    private static Member member(String name, Cell cell) {
        return new Member(policyClass(name), Optional.of(cell));
    }

    private static PolicyClass policyClass(String name) {
        return new PolicyClass(name, QueuePolicy.FCFS, 10, BusyRule.NEVER, QueueLimits.NONE);
    }
}
