package txlookup.api.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;
import txlookup.api.RunningApi;

/** A real Chromium without a window, looking at one running API. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
    private static final String FIND_VIOLATIONS = """
            const done = arguments[arguments.length - 1];
            axe.run(document).then(
                result => done(result.violations.map(one => one.id + ': ' + one.help + ' '
                    + one.nodes.map(node => node.html + ' ' + node.failureSummary).join('; '))),
                failure => done(['axe failed: ' + failure]));""";

    private final ChromeDriver driver;
    private final String address;

    private Browser(ChromeDriver driver, String address) {
        this.driver = driver;
        this.address = address;
    }

    /**
     * Whether tests have to use it: mvn verify has to pass on a machine with nothing but a JDK and Maven. Where CI is set,
     * as .ci/run does once every program that tests drive is there, a missing browser fails the test.
     */
    static boolean isDue() {
        return missing().isEmpty() || System.getenv("CI") != null;
    }

    /** Skips a test where it is not due; before each, since a test class that is skipped as a whole gives no reason. */
    static void assumeThatItIsDue() {
        assumeTrue(isDue(), missing().orElse("due"));
    }

    private static Optional<String> missing() {
        if (program().isEmpty()) {
            return Optional.of("no chromium is here; install chromium and chromium-driver");
        }
        return driverProgram().isPresent()
                ? Optional.empty()
                : Optional.of("chromium is here, but no chromedriver; install chromium-driver");
    }

    private static Optional<Path> program() {
        return found("chromium", "chromium-browser", "google-chrome");
    }

    private static Optional<Path> driverProgram() {
        return found("chromedriver");
    }

    static Browser open(RunningApi api, Path profile) {
        return open("http://127.0.0.1:" + api.port(), profile);
    }

    /** @param address of the API that paths are about */
    static Browser open(String address, Path profile) {
        missing().ifPresent(what -> {
            throw new AssertionError(what);
        });
        ChromeOptions options = new ChromeOptions();
        options.setBinary(program().orElseThrow().toString());
        options.addArguments(
                "--headless=new",
                "--hide-scrollbars",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--accept-lang=en-US",
                "--user-data-dir=" + profile);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(driverProgram().orElseThrow().toFile())
                .build();
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.manage().timeouts().scriptTimeout(PATIENCE).pageLoadTimeout(PATIENCE);
        driver.executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", "Asia/Seoul"));
        Browser browser = new Browser(driver, address);
        browser.resize(1280);
        return browser;
    }

    void go(String path) {
        driver.get(address + path);
    }

    /** A page of another process. */
    void goTo(String page) {
        driver.get(page);
    }

    String url() {
        return driver.getCurrentUrl();
    }

    String path() {
        return driver.getCurrentUrl().substring(address.length());
    }

    String text() {
        return driver.findElement(By.tagName("body")).getText();
    }

    WebElement element(String css) {
        // A page that changes under the look: ChromeDriver has no name for it, and the next look finds the new element.
        return new WebDriverWait(driver, PATIENCE, LOOK_EVERY)
                .ignoring(WebDriverException.class)
                .until(ExpectedConditions.visibilityOfElementLocated(By.cssSelector(css)));
    }

    /** Types where the keyboard is, as a person without a mouse does. */
    void type(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    /** Presses a button or follows a link of the page itself. */
    void press(String label) {
        element("main")
                .findElement(By.xpath(".//*[self::a or self::button][normalize-space()=\"" + label + "\"]"))
                .click();
    }

    void follow(String label) {
        driver.findElement(By.linkText(label)).click();
    }

    void await(String path) {
        new WebDriverWait(driver, PATIENCE, LOOK_EVERY).until(ExpectedConditions.urlMatches(".*" + path + "$"));
    }

    void awaitThat(String what, BooleanSupplier condition) {
        new WebDriverWait(driver, PATIENCE, LOOK_EVERY).withMessage(what).until(anyway -> condition.getAsBoolean());
    }

    /** How many looks the first chart shows. */
    int points() {
        Object points = driver.executeScript("return document.querySelector('.chart polyline').points.numberOfItems");
        return ((Number) points).intValue();
    }

    List<?> recent() {
        return (List<?>) driver.executeScript(
                "return JSON.parse(localStorage.getItem('txlookup.recent') || '[]').map(one => one.id)");
    }

    /** What the browser's own console says went wrong: a blocked script or style is among it. */
    List<String> complaints() {
        return driver.manage().logs().get("browser").getAll().stream()
                .filter(entry -> entry.getLevel().equals(Level.SEVERE))
                .map(Object::toString)
                .filter(line -> !line.contains("the server responded with a status of 4"))
                .toList();
    }

    @SuppressWarnings("unchecked")
    List<String> accessibilityViolations() {
        driver.executeScript(axe());
        return (List<String>) driver.executeAsyncScript(FIND_VIOLATIONS);
    }

    /** Whether one has to scroll sideways to read the page. */
    boolean isWiderThanItsWindow() {
        return Boolean.TRUE.equals(driver.executeScript(
                "return document.documentElement.scrollWidth > document.documentElement.clientWidth"));
    }

    void resize(int width) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        width,
                        "height",
                        width < 600 ? 844 : 800,
                        "deviceScaleFactor",
                        1,
                        "mobile",
                        width < 600));
    }

    void colours(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    void screenshot(String name) {
        Map<String, Object> picture = driver.executeCdpCommand(
                "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
        try {
            Files.createDirectories(SCREENSHOTS);
            Files.write(SCREENSHOTS.resolve(name + ".png"), Base64.getDecoder().decode((String) picture.get("data")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String axe() {
        try (InputStream file = Browser.class.getResourceAsStream(AXE)) {
            return new String(file.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> found(String... names) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(names)
                .flatMap(name -> Stream.of(path.split(":")).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
