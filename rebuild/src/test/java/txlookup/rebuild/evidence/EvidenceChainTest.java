package txlookup.rebuild.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class EvidenceChainTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Contents of the kinds that a rebuild keeps. */
    private record Measured(String name, Duration elapsed, Instant at, double share, long rows) {}

    @TempDir
    Path folder;

    private EvidenceChain chain;

    @BeforeEach
    void writeThreeBundles() throws IOException {
        chain = new EvidenceChain(folder);
        for (String name : List.of("first", "second", "third")) {
            chain.append(
                    name,
                    new Bundle.Draft("rebuild", name, "GO")
                            .add("inputs", Map.of("profile", "local"))
                            .add("gate", new Measured("lag", Duration.ofMillis(1234), Instant.EPOCH, 0.1, 3))
                            .add("gate", new Measured("p95", Duration.ofMillis(7), Instant.EPOCH, 12.50, 1L << 53)));
        }
    }

    @Test
    void whatWasWrittenIsIntactAndCanBeListedAndRead() throws IOException {
        assertThat(chain.verify()).isEmpty();
        assertThat(chain.list()).extracting(EvidenceChain.Listed::name).containsExactly("first", "second", "third");
        Bundle second = chain.read("second").orElseThrow();
        assertThat(second.entries()).extracting(Entry::kind).containsExactly("inputs", "gate", "gate", "end");
        assertThat(second.entries().get(0).previous())
                .isEqualTo(chain.read("first").orElseThrow().head());
        assertThat(chain.head()).isEqualTo(chain.read("third").orElseThrow().head());
        assertThat(second.markdown()).startsWith("# GO: rebuild second").contains("- rows: 3", second.head());
        assertThat(chain.read("fourth")).isEmpty();
    }

    @Test
    void aChangedEntryIsNamed() throws IOException {
        edit("second", bundle -> {
            ((ObjectNode) bundle.at("/entries/1/content")).put("rows", 4);
            return bundle;
        });

        assertThat(chain.verify())
                .containsExactly("second, entry 2 gate: was changed: it hashes to something else than it says");
    }

    @Test
    void aChangedKindIsNamed() throws IOException {
        edit("second", bundle -> {
            ((ObjectNode) bundle.at("/entries/1")).put("kind", "note");
            return bundle;
        });

        assertThat(chain.verify()).singleElement().asString().startsWith("second, entry 2 note: was changed");
    }

    @Test
    void anEntryThatWasChangedAndHashedAnewIsNamedByTheOneAfterIt() throws IOException {
        edit("second", bundle -> {
            Entry before = JSON.treeToValue(bundle.at("/entries/1"), Entry.class);
            Entry anew = Entry.after(before.previous(), 2, before.kind(), Map.of("rows", 9));
            ((ArrayNode) bundle.get("entries")).set(1, JSON.valueToTree(anew));
            return bundle;
        });

        assertThat(chain.verify())
                .containsExactly("second, entry 3 gate: does not follow entry 2: one of the two was replaced");
    }

    @Test
    void aRemovedEntryIsNamed() throws IOException {
        edit("second", bundle -> {
            ((ArrayNode) bundle.get("entries")).remove(1);
            return bundle;
        });

        assertThat(chain.verify()).containsExactly("second, entry 2: it is missing");
    }

    @Test
    void aTailThatWasCutOffIsNamed() throws IOException {
        edit("third", bundle -> {
            ((ArrayNode) bundle.get("entries")).remove(3);
            ((ArrayNode) bundle.get("entries")).remove(2);
            return bundle;
        });

        assertThat(chain.verify()).containsExactly("third, entry 3: it is missing, and what came after it");
    }

    @Test
    void anInsertedEntryIsNamed() throws IOException {
        edit("second", bundle -> {
            String previous = bundle.at("/entries/0/hash").asString();
            Entry inserted = Entry.after(previous, 2, "gate", Map.of("passed", true));
            ((ArrayNode) bundle.get("entries")).insert(1, JSON.<ObjectNode>valueToTree(inserted));
            return bundle;
        });

        assertThat(chain.verify())
                .singleElement()
                .asString()
                .isEqualTo("second, entry 2 gate: was inserted or moved: entry 3 was due");
    }

    @Test
    void swappedEntriesAreNamed() throws IOException {
        edit("second", bundle -> {
            ArrayNode entries = (ArrayNode) bundle.get("entries");
            entries.insert(1, entries.remove(2));
            return bundle;
        });

        assertThat(chain.verify()).anyMatch(fault -> fault.startsWith("second, entry 2"));
    }

    @Test
    void aChangedVerdictInTheTitleIsNamed() throws IOException {
        edit("second", bundle -> bundle.put("verdict", "NO_GO"));

        assertThat(chain.verify()).singleElement().asString().startsWith("second: its title was changed");
    }

    @Test
    void aRemovedBundleIsNamed() throws IOException {
        Files.delete(folder.resolve("second/bundle.json"));

        assertThat(chain.verify()).containsExactly("second: the bundle is missing");
    }

    @Test
    void aBundleRemovedWithItsLineIsNoticedByTheOneAfterIt() throws IOException {
        Files.delete(folder.resolve("second/bundle.json"));
        Path register = folder.resolve("chain.txt");
        List<String> lines = Files.readAllLines(register);
        Files.write(register, List.of(lines.get(0), lines.get(2)));

        assertThat(chain.verify())
                .containsExactly(
                        "third, entry 1 inputs: does not follow the bundle before: that was changed, removed or inserted");
    }

    @Test
    void anInsertedBundleIsNamed() throws IOException {
        Files.createDirectories(folder.resolve("fourth"));
        Files.copy(folder.resolve("third/bundle.json"), folder.resolve("fourth/bundle.json"));

        assertThat(chain.verify())
                .singleElement()
                .asString()
                .startsWith("fourth: the bundle is in no line of chain.txt");
    }

    @Test
    void aChangedOrRemovedFileBesideTheBundleIsNamed() throws IOException {
        Path file = folder.resolve("fourth/destroy.json");
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[] {1, 2});
        chain.append("fourth", new Bundle.Draft("destroy", "fourth", "DONE").attach("destroy.json", new byte[] {1, 2}));
        assertThat(chain.verify()).isEmpty();

        Files.write(file, new byte[] {1, 3});
        assertThat(chain.verify()).containsExactly("fourth, entry 1: its file destroy.json was changed or removed");

        Files.delete(file);
        assertThat(chain.verify()).hasSize(1);
    }

    @Test
    void anActThatEndsTwiceKeepsBothVerdicts() throws IOException {
        chain.append("third", new Bundle.Draft("rebuild", "third", "NO_GO"));

        assertThat(chain.list()).extracting(EvidenceChain.Listed::name).endsWith("third", "third-2");
        assertThat(chain.verify()).isEmpty();
    }

    @Test
    void whatIsNoBundleIsNamedWithItsFile() throws IOException {
        Files.writeString(folder.resolve("second/bundle.json"), "{");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> chain.read("second"))
                .withMessageContaining("bundle.json is not a bundle of evidence");
        assertThat(chain.verify()).anyMatch(fault -> fault.startsWith("second: "));
    }

    private void edit(String name, UnaryOperator<ObjectNode> change) throws IOException {
        Path file = folder.resolve(name).resolve("bundle.json");
        ObjectNode bundle = (ObjectNode) JSON.readTree(Files.readAllBytes(file));
        Files.write(file, JSON.writeValueAsBytes(change.apply(bundle)));
    }
}
