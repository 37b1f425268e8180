package dev.stator.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Holds every source file against the budgets, and a canary that breaks each of them.
class SourceBudgetTest {
    private static final Path MAIN = Path.of("src/main/java");
    private static final Path TEST = Path.of("src/test/java");
    private static final Path CANARY =
            Path.of("src/test/resources/dev/stator/architecture/OverBudget.java.txt");

    /// Which file may break which limit, how far, and why.
    private static final List<SourceBudget.Allowance> ALLOWANCES =
            List.of(
                    unrolled("VectorF32.java", 107),
                    unrolled("VectorBf16.java", 128),
                    unrolled("VectorInt8.java", 127));

    @Test
    void mainSourcesStayWithinTheBudgets() throws IOException {
        assertThat(violations(MAIN)).isEmpty();
    }

    @Test
    void testSourcesStayWithinTheBudgets() throws IOException {
        assertThat(violations(TEST)).isEmpty();
    }

    @Test
    void packagesStaySmall() throws IOException {
        Map<Path, Long> crowded =
                javaFiles(MAIN).stream()
                        .filter(path -> !path.endsWith("package-info.java"))
                        .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
        crowded.values().removeIf(count -> count <= SourceBudget.PACKAGE_CLASSES_MAX);

        assertThat(crowded).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIs() throws IOException {
        for (Path folder :
                javaFiles(MAIN).stream().map(Path::getParent).collect(Collectors.toSet())) {
            assertThat(folder.resolve("package-info.java"))
                    .content()
                    .contains("@NullMarked", "///");
        }
    }

    @Test
    void aFileThatBreaksEveryBudgetIsFound() throws IOException {
        Path copy = Files.createTempDirectory("budget").resolve("OverBudget.java");
        Files.copy(CANARY, copy);

        List<String> found =
                new SourceBudget(List.of()).violations(SourceFile.parse(List.of(copy)).getFirst());

        assertThat(String.join("\n", found))
                .contains("file lines", "method lines", "nesting", "parameters", "columns")
                .contains("unfinished work");
        Files.delete(copy);
        Files.delete(copy.getParent());
    }

    /// The sums of a kernel are local variables, or the compiler would not keep them in registers.
    private static SourceBudget.Allowance unrolled(String file, int methodLines) {
        return new SourceBudget.Allowance(file, "method lines", methodLines, "sums in registers");
    }

    private static List<String> violations(Path root) throws IOException {
        var budget = new SourceBudget(ALLOWANCES);
        return SourceFile.parse(javaFiles(root)).stream()
                .flatMap(file -> budget.violations(file).stream())
                .toList();
    }

    private static List<Path> javaFiles(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(path -> path.toString().endsWith(".java")).toList();
        }
    }
}
