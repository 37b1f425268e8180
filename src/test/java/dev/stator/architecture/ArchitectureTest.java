package dev.stator.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import dev.stator.engine.Engine;

import org.junit.jupiter.api.Test;

import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Holds the compiled classes against the tables of `ARCHITECTURE.md`.
class ArchitectureTest {
    private static final Path PAGE = Path.of("ARCHITECTURE.md");
    private static final String ROOT = "dev.stator.";
    private static final int CLASSES_MIN = 40;

    /// Packages that hold technologies of one port; their children must not know each other.
    private static final Set<String> PORTS =
            Set.of("runtime.discovery", "runtime.events", "runtime.requests");

    /// Packages below a port that its technologies share; they know no technology either.
    private static final Set<String> SHARED =
            Set.of("runtime.requests.callhome", "runtime.requests.callhome.frames");

    private final DependencyTable table = DependencyTable.read(PAGE);
    private static final JavaClasses PRODUCT = new ClassFileImporter().importUrl(productLocation());

    @Test
    void theImportSeesTheProduct() {
        assertThat(PRODUCT.size()).isGreaterThan(CLASSES_MIN);
    }

    @Test
    void everyPackageHasARowInTheTable() {
        Set<String> present =
                PRODUCT.stream()
                        .map(
                                type ->
                                        type.getPackageName()
                                                .substring(ROOT.length())
                                                .replaceFirst("\\..*", ""))
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(table.packages()).containsAll(present);
    }

    @Test
    void packagesUseOnlyWhatTheTableAllows() {
        assertThat(violations(PRODUCT)).isEmpty();
    }

    @Test
    void aForbiddenDependencyIsFound() {
        JavaClasses canary = new ClassFileImporter().importPackages("dev.stator.tokens.canary");

        assertThat(violations(canary))
                .isNotEmpty()
                .allMatch(violation -> violation.contains("ForbiddenUse"));
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.stator.(**)").should().beFreeOfCycles().check(PRODUCT);
    }

    @Test
    void technologiesOfAPortDoNotKnowEachOther() {
        assertThat(
                        dependencies(PRODUCT)
                                .filter(
                                        use ->
                                                PORTS.stream()
                                                        .anyMatch(port -> areSiblings(port, use)))
                                .map(Dependency::getDescription))
                .isEmpty();
    }

    @Test
    void everyLibraryIsImportedByOnePackage() {
        for (List<String> row : MarkdownTable.below(PAGE, "Third-party libraries")) {
            String library = row.get(0).replace("`", "") + ".";
            Set<String> users =
                    dependencies(PRODUCT)
                            .filter(use -> name(use.getTargetClass()).startsWith(library))
                            .map(use -> use.getOriginClass().getPackageName())
                            .collect(Collectors.toCollection(TreeSet::new));

            String owner = ROOT + row.get(1).replace("`", "");
            assertThat(users)
                    .as("packages that import " + library)
                    .allMatch(user -> (user + ".").startsWith(owner + "."));
        }
    }

    @Test
    void everyLibraryIsListed() {
        List<String> listed =
                MarkdownTable.below(PAGE, "Third-party libraries").stream()
                        .map(row -> row.get(0).replace("`", "") + ".")
                        .toList();

        assertThat(
                        dependencies(PRODUCT)
                                .map(use -> name(use.getTargetClass()))
                                .filter(name -> name.contains("."))
                                .filter(ArchitectureTest::isForeign)
                                .filter(name -> listed.stream().noneMatch(name::startsWith)))
                .isEmpty();
    }

    private static URL productLocation() {
        return Engine.class.getProtectionDomain().getCodeSource().getLocation();
    }

    private List<String> violations(JavaClasses classes) {
        return dependencies(classes)
                .filter(
                        use ->
                                name(use.getTargetClass()).startsWith(ROOT)
                                        && !table.permits(
                                                use.getOriginClass().getPackageName(),
                                                use.getTargetClass().getPackageName()))
                .map(Dependency::getDescription)
                .toList();
    }

    private static Stream<Dependency> dependencies(JavaClasses classes) {
        return classes.stream().flatMap(type -> type.getDirectDependenciesFromSelf().stream());
    }

    private static boolean areSiblings(String port, Dependency use) {
        String prefix = ROOT + port + ".";
        String origin = use.getOriginClass().getPackageName();
        String target = use.getTargetClass().getPackageName();
        return origin.startsWith(prefix)
                && target.startsWith(prefix)
                && !origin.equals(target)
                && !SHARED.contains(target.substring(ROOT.length()));
    }

    private static String name(JavaClass type) {
        return type.getBaseComponentType().getName();
    }

    private static boolean isForeign(String name) {
        return !name.startsWith("java.")
                && !name.startsWith("javax.")
                && !name.startsWith("jdk.")
                && !name.startsWith("sun.")
                && !name.startsWith("com.sun.")
                && !name.startsWith("org.slf4j.")
                && !name.startsWith("org.jspecify.")
                && !name.startsWith(ROOT);
    }
}
