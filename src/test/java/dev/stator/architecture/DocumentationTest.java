package dev.stator.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Pages may only speak of what exists: types, packages, files, tasks.
class DocumentationTest {
    private static final Path MAIN = Path.of("src/main/java/dev/stator");
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
    private static final Pattern TYPE = Pattern.compile("[A-Z][a-z]+(?:[A-Z][A-Za-z]+)+");
    private static final Pattern PACKAGE = Pattern.compile("[a-z]+(?:\\.[a-z]+)*");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");
    private static final Pattern MAKE = Pattern.compile("`make ([a-z-]+)");

    @Test
    void architectureNamesOnlyTypesThatExist() throws IOException {
        assertThat(unknownTypes(Files.readString(Path.of("ARCHITECTURE.md")))).isEmpty();
    }

    @Test
    void architectureNamesOnlyPackagesThatExist() throws IOException {
        assertThat(unknownPackages(Files.readString(Path.of("ARCHITECTURE.md")))).isEmpty();
    }

    @Test
    void linksLeadToFiles() throws IOException {
        for (Path page : pages()) {
            assertThat(brokenLinks(page, Files.readString(page))).as("links of " + page).isEmpty();
        }
    }

    @Test
    void pagesNameOnlyTasksOfTheMakefile() throws IOException {
        String makefile = Files.readString(Path.of("Makefile"));
        for (Path page : pages()) {
            assertThat(matches(MAKE, Files.readString(page)))
                    .as("tasks named in " + page)
                    .allMatch(task -> makefile.contains("\n" + task + ":"));
        }
    }

    @Test
    void aPageThatNamesWhatDoesNotExistIsFound() {
        String canary = "`KvDreamer` lives in `kv.dreams`, see [there](docs/dreams.md).";

        assertThat(unknownTypes(canary)).containsExactly("KvDreamer");
        assertThat(unknownPackages(canary)).containsExactly("kv.dreams");
        assertThat(brokenLinks(Path.of("README.md"), canary)).containsExactly("docs/dreams.md");
    }

    private static Set<String> unknownTypes(String text) {
        Set<String> known = new TreeSet<>();
        for (Path root : List.of(MAIN, Path.of("src/test/java/dev/stator"))) {
            try (Stream<Path> files = Files.walk(root)) {
                files.map(path -> path.getFileName().toString().replace(".java", ""))
                        .forEach(known::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        Set<String> named = code(text, TYPE);
        named.removeAll(known);
        return named;
    }

    private static Set<String> unknownPackages(String text) {
        Set<String> named = code(text, PACKAGE);
        named.removeIf(name -> !name.contains("."));
        named.removeIf(name -> Files.isDirectory(MAIN.resolve(name.replace('.', '/'))));
        named.removeIf(DocumentationTest::isLibrary);
        return named;
    }

    /// The libraries of the table are package names too, though not ours.
    private static boolean isLibrary(String name) {
        return MarkdownTable.below(Path.of("ARCHITECTURE.md"), "Third-party libraries").stream()
                .anyMatch(row -> row.get(0).equals("`" + name + "`"));
    }

    private static List<String> brokenLinks(Path page, String text) {
        Path folder = page.toAbsolutePath().getParent();
        return matches(LINK, text).stream()
                .filter(link -> folder != null && !Files.exists(folder.resolve(link)))
                .toList();
    }

    private static Set<String> code(String text, Pattern shape) {
        return matches(CODE, text).stream()
                .filter(shape.asMatchPredicate())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> matches(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.results().map(match -> match.group(1)).toList();
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(Path.of("docs"));
                Stream<Path> top = Files.list(Path.of("."))) {
            return Stream.concat(docs, top)
                    .filter(path -> path.toString().endsWith(".md"))
                    .toList();
        }
    }
}
