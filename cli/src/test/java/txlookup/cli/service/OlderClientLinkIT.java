package txlookup.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasReturnType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All that this program compiled against the newer Kafka client runs with the older one, too. */
class OlderClientLinkIT {
    private static final String KAFKA = "org.apache.kafka";

    private List<JavaClass> clients;

    @BeforeEach
    void find() {
        ImageLauncher.requireOlderClient();
        JavaClasses all = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages("txlookup");
        clients = all.stream()
                // The servers of this machine are not in the image.
                .filter(one -> !one.getPackageName().startsWith("txlookup.local"))
                .filter(one -> one.getDirectDependenciesFromSelf().stream()
                        .anyMatch(use -> use.getTargetClass().getPackageName().startsWith(KAFKA)))
                .toList();
        assertThat(clients).hasSizeGreaterThan(20);
    }

    /** Two exceptions that one clause catches may have a common ancestor in one client that they lack in the other. */
    @Test
    void everyClassIsVerified() throws Exception {
        List<URL> classPath =
                new ArrayList<>(List.of(ImageLauncher.OLDER.toUri().toURL()));
        for (String entry : ImageLauncher.classPath().split(File.pathSeparator, -1)) {
            classPath.add(Path.of(entry).toUri().toURL());
        }
        try (URLClassLoader image =
                new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            for (JavaClass client : clients) {
                Class<?> loaded = Class.forName(client.getName(), false, image);
                // Links the class, which verifies it.
                assertThatCode(loaded::getDeclaredMethods).as(client.getName()).doesNotThrowAnyException();
            }
        }
    }

    @Test
    void everythingThatIsCalledIsThere() throws Exception {
        // What a client's class inherits is Java's own in part.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(true);
        JavaClasses older = new ClassFileImporter().importJar(new JarFile(ImageLauncher.OLDER.toFile()));
        Set<String> missing = new TreeSet<>();
        for (JavaClass client : clients) {
            for (JavaAccess<?> access : client.getAccessesFromSelf()) {
                String owner = access.getTargetOwner().getName();
                if (owner.startsWith(KAFKA) && !isThere(older, owner, access)) {
                    missing.add(access.getDescription());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    private static boolean isThere(JavaClasses older, String owner, JavaAccess<?> access) {
        if (!older.contain(owner)) {
            return false;
        }
        String wanted = signature(access.getTarget(), access.getTarget().getFullName(), access.getTargetOwner());
        return older.get(owner).getAllMembers().stream()
                .anyMatch(member -> signature(member, member.getFullName(), member.getOwner())
                        .equals(wanted));
    }

    /** Name and parameters, without the class, and what a method returns. */
    private static String signature(Object member, String fullName, JavaClass owner) {
        String name = fullName.substring(owner.getName().length());
        return member instanceof HasReturnType method
                ? name + method.getRawReturnType().getName()
                : name;
    }
}
