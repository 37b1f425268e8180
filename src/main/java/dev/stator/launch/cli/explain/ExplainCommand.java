package dev.stator.launch.cli.explain;

import dev.stator.launch.cli.options.Flags;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.http.client.HttpAddress;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;

/// `stator explain`: why a request went where it did, and what came of it.
@Command(
        name = "explain",
        description = "Says why a request went to its worker, and how it turned out.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ExplainCommand implements Callable<Integer> {
    private static final int SEARCHED_MAX = 500;
    private static final int FAILED = 1;

    @Spec private @Nullable CommandSpec spec; // set by picocli

    @Parameters(
            arity = "0..1",
            paramLabel = "REQUEST_ID",
            description = "The response's id or its x-request-id (default: list the newest).")
    private @Nullable String requestId;

    @Option(
            names = "--url",
            defaultValue = "http://localhost:8000",
            paramLabel = "URL",
            description = "The frontend that served it (default: http://localhost:8000).")
    private String url = "http://localhost:8000";

    @Option(names = "--ladder", description = "Show the hit ratio, and what it could have been.")
    private boolean ladder;

    @Option(
            names = "--limit",
            defaultValue = "20",
            paramLabel = "N",
            description = "Requests to list (default: 20).")
    private int limit;

    @Option(names = "--json", description = "Print the frontend's answer as it is.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        HttpAddress address = Flags.checked(spec, () -> HttpAddress.parse(url));
        try (var frontend = new FrontendQueries(address)) {
            if (ladder) {
                print(frontend.ladder(), it -> new LadderText(it).text());
                return 0;
            }
            if (requestId == null) {
                print(frontend.recent(limit), it -> new RecentText(it).text());
                return 0;
            }
            return explain(frontend, requestId);
        }
    }

    private int explain(FrontendQueries frontend, String id)
            throws IOException, InterruptedException {
        Optional<JsonField> found = frontend.decisions(id);
        if (found.isPresent()) {
            print(found.get(), it -> new DecisionText(it).text());
            return 0;
        }
        List<String> known =
                frontend.recent(SEARCHED_MAX).get("decisions").items().stream()
                        .flatMap(it -> Stream.of(it.get("request_id"), it.get("x_request_id")))
                        .flatMap(it -> it.optional().map(JsonField::string).stream())
                        .toList();
        List<String> near = new NearestIds(known).to(id);
        PrintWriter err = commandLine().getErr();
        err.printf(
                "stator: no decision about request '%s' is remembered at %s%s%n",
                id,
                url,
                near.isEmpty()
                        ? "; 'stator explain' lists the newest"
                        : "; did you mean " + String.join(" or ", near) + "?");
        err.flush();
        return FAILED;
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(spec).commandLine();
    }

    private void print(JsonField body, Function<JsonField, String> words) {
        PrintWriter out = commandLine().getOut();
        out.print(json ? Json.write(body.value()) + "\n" : words.apply(body));
        out.flush();
    }
}
