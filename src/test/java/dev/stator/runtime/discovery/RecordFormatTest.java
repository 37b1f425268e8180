package dev.stator.runtime.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.runtime.discovery.InstanceRecord.Described;
import dev.stator.runtime.discovery.InstanceRecord.Reachable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;
import java.util.Optional;

/// The examples are those of Dynamo 1.4, and of 1.3 where it says so.
class RecordFormatTest {
    private static final EndpointId GENERATE = new EndpointId("dynamo", "backend", "generate");
    private static final Instance WORKER =
            Instance.of(GENERATE, 42, Transport.tcp("10.0.0.7:35111/2a/generate"));
    private static final Instance PUBLISHER =
            Instance.of(
                    new EndpointId("dynamo", "backend", "kv-events"),
                    42,
                    new Transport(Transport.ZMQ, "tcp://10.0.0.7:41000"));

    @Test
    void anEndpointIsWrittenAsDynamoWritesIt() {
        var record = new Reachable(WORKER);

        assertThat(RecordFormat.key(record)).isEqualTo("v1/instances/dynamo/backend/generate/2a");
        assertThat(Json.write(RecordFormat.write(record)))
                .isEqualTo(
                        """
                        {"type":"Endpoint","component":"backend","endpoint":"generate",\
                        "namespace":"dynamo","instance_id":42,\
                        "transport":{"tcp":"10.0.0.7:35111/2a/generate"}}\
                        """);
    }

    @Test
    void whatItServesIsARecordOfItsOwn() {
        var card = new JsonObjectBuilder().put("display_name", "demo").build();
        var record = new Described(WORKER.key(), card);

        assertThat(InstanceRecord.of(WORKER.withCard(card)))
                .containsExactly(record, new Reachable(WORKER));
        assertThat(RecordFormat.key(record)).isEqualTo("v1/mdc/dynamo/backend/generate/2a");
        assertThat(Json.write(RecordFormat.write(record)))
                .isEqualTo(
                        """
                        {"type":"Model","namespace":"dynamo","component":"backend",\
                        "endpoint":"generate","instance_id":42,\
                        "card_json":{"display_name":"demo"}}\
                        """);
    }

    /// As Dynamo 1.4 registers an adapter: the suffix ends the key and is a member of the value.
    @Test
    void aVariantOfWhatItServesHasASuffix() {
        var card = new JsonObjectBuilder().put("display_name", "my-lora").build();
        var record = new Described(WORKER.key(), "my-lora", card);

        assertThat(InstanceRecord.of(WORKER.withVariants(Map.of("my-lora", card))))
                .containsExactly(record, new Reachable(WORKER));
        assertThat(RecordFormat.key(record)).isEqualTo("v1/mdc/dynamo/backend/generate/2a/my-lora");
        assertThat(Json.write(RecordFormat.write(record)))
                .isEqualTo(
                        """
                        {"type":"Model","namespace":"dynamo","component":"backend",\
                        "endpoint":"generate","instance_id":42,\
                        "card_json":{"display_name":"my-lora"},"model_suffix":"my-lora"}\
                        """);
        assertThat(readBack(record)).contains(record);
    }

    @Test
    void aSuffixThatCouldNotEndAKeyIsRefused() {
        assertThatThrownBy(() -> new Described(WORKER.key(), "a/b", JsonObject.EMPTY))
                .hasMessageContaining("model_suffix")
                .hasMessageContaining("a/b");
    }

    @Test
    void aPublisherIsAnEventChannel() {
        var record = new Reachable(PUBLISHER);

        assertThat(RecordFormat.key(record))
                .isEqualTo(
                        "v1/event_channels/namespace/dynamo/component/backend/topic/kv-events/2a");
        assertThat(Json.write(RecordFormat.write(record)))
                .isEqualTo(
                        """
                        {"type":"EventChannel","scope":{"kind":"component",\
                        "namespace":"dynamo","component":"backend"},"topic":"kv-events",\
                        "instance_id":42,"transport":{"kind":"Zmq",\
                        "config":{"endpoint":"tcp://10.0.0.7:41000"}}}\
                        """);
    }

    @Test
    void idsAreUnsignedAndMetadataIsWrittenWithTheEndpoint() {
        var instance =
                new Instance(
                        GENERATE,
                        -1,
                        new Transport(Transport.NATS, "dynamo_backend.generate"),
                        Map.of("request_plane_codec", "msgpack", "device_type", "cuda"),
                        Optional.empty());

        assertThat(RecordFormat.key(new Reachable(instance))).endsWith("/ffffffffffffffff");
        assertThat(Json.write(instance.toJson()))
                .isEqualTo(
                        """
                        {"component":"backend","endpoint":"generate","namespace":"dynamo",\
                        "instance_id":18446744073709551615,\
                        "transport":{"nats_tcp":"dynamo_backend.generate"},\
                        "device_type":"cuda","request_plane_codec":"msgpack"}\
                        """);
        assertThat(readBack(new Reachable(instance))).contains(new Reachable(instance));
    }

    @Test
    void everyRecordCanBeReadBack() {
        var card = new JsonObjectBuilder().put("display_name", "demo").build();

        InstanceRecord.of(WORKER.withCard(card))
                .forEach(record -> assertThat(readBack(record)).contains(record));
        assertThat(readBack(new Reachable(PUBLISHER))).contains(new Reachable(PUBLISHER));
    }

    @Test
    void theChannelsOfAnOlderReleaseAreUnderstood() {
        assertThat(
                        read(
                                """
                                {"type":"EventChannel","namespace":"dynamo","component":"backend",
                                "topic":"kv-events","instance_id":42,"transport":{"kind":"Zmq",
                                "config":{"endpoint":"tcp://10.0.0.7:41000"}}}\
                                """))
                .contains(new Reachable(PUBLISHER));
    }

    @Test
    void theChannelsOfAnEndpointAreTakenForThoseOfItsComponent() {
        String value =
                """
                {"type":"EventChannel","scope":{"kind":"endpoint","endpoint":{"namespace":"dynamo",
                "component":"backend","name":"generate"}},"topic":"kv-events","instance_id":7,
                "transport":{"kind":"Zmq","config":{"endpoint":"tcp://10.0.0.7:41000"}}}\
                """;
        String key =
                "v1/event_channels/namespace/dynamo/component/backend/endpoint/generate"
                        + "/topic/kv-events/";
        assertThat(RecordFormat.read(key + "2a", json(value))).contains(new Reachable(PUBLISHER));
        assertThat(RecordFormat.read(key + "2b", json(value)))
                .isNotEqualTo(Optional.of(new Reachable(PUBLISHER)));
    }

    @Test
    void unknownMembersAreIgnored() {
        assertThat(
                        read(
                                """
                                {"type":"Endpoint","component":"backend","endpoint":"generate",
                                "namespace":"dynamo","instance_id":42,"weight":3,"tags":["a"],
                                "transport":{"tcp":"10.0.0.7:35111/2a/generate"}}\
                                """))
                .contains(new Reachable(WORKER));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'Lease'}",
                "{'type':'EventChannel','scope':{'kind':'namespace','name':'dynamo'}}",
                "{'type':'EventChannel','scope':{'kind':'component','namespace':'dynamo',"
                        + "'component':'backend'},'transport':{'kind':'Nats','config':{}}}"
            })
    void whatSaysNothingAboutAnInstanceIsPassedOver(String json) {
        assertThat(read(json.replace('\'', '"'))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'type':'Endpoint'}",
                "{'type':'Endpoint','namespace':'n','component':'c','endpoint':'e',"
                        + "'instance_id':1,'transport':{}}"
            })
    void aMalformedRecordIsRefused(String json) {
        assertThatThrownBy(() -> read(json.replace('\'', '"')))
                .isInstanceOf(JsonFieldException.class);
    }

    private static Optional<InstanceRecord> readBack(InstanceRecord record) {
        return RecordFormat.read(
                RecordFormat.key(record), json(Json.write(RecordFormat.write(record))));
    }

    private static Optional<InstanceRecord> read(String json) {
        return RecordFormat.read("", json(json));
    }

    private static JsonField json(String text) {
        return JsonField.root(Json.parse(text, JsonLimits.REQUEST));
    }
}
