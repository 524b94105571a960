package txlookup.gate.report;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import txlookup.gate.evaluate.GateReport;
import txlookup.gate.evaluate.SloResult;
import txlookup.gate.evaluate.Verdict;

/** FAIL is a failure, NO_DATA an error, WARN a passing case that says why. */
final class SloJunitReport {
    private SloJunitReport() {}

    static String of(GateReport report) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            xml.writeStartElement("testsuites");
            counts(xml, report.environment(), report.findings());
            Map<String, List<SloResult>> groups = new LinkedHashMap<>();
            report.findings().forEach(finding -> groups.computeIfAbsent(finding.group(), unused -> new ArrayList<>())
                    .add(finding));
            for (Map.Entry<String, List<SloResult>> group : groups.entrySet()) {
                suite(xml, group.getKey(), group.getValue(), report);
            }
            xml.writeEndElement();
            xml.writeCharacters("\n");
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a writer into memory cannot fail", e);
        }
        return text.toString();
    }

    private static void counts(XMLStreamWriter xml, String name, List<SloResult> findings) throws XMLStreamException {
        xml.writeAttribute("name", name);
        xml.writeAttribute("tests", Integer.toString(findings.size()));
        xml.writeAttribute("failures", Long.toString(count(findings, Verdict.FAIL)));
        xml.writeAttribute("errors", Long.toString(count(findings, Verdict.NO_DATA)));
    }

    private static long count(List<SloResult> findings, Verdict verdict) {
        return findings.stream().filter(finding -> finding.verdict() == verdict).count();
    }

    private static void suite(XMLStreamWriter xml, String group, List<SloResult> findings, GateReport report)
            throws XMLStreamException {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testsuite");
        counts(xml, group, findings);
        xml.writeAttribute("timestamp", report.from().toString());
        for (SloResult finding : findings) {
            testCase(xml, finding);
        }
        xml.writeCharacters("\n  ");
        xml.writeEndElement();
    }

    private static void testCase(XMLStreamWriter xml, SloResult finding) throws XMLStreamException {
        xml.writeCharacters("\n    ");
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", "slo-gate." + finding.group());
        xml.writeAttribute("name", finding.name());
        xml.writeStartElement("properties");
        property(xml, "verdict", finding.verdict().name());
        property(xml, "measured", finding.measured());
        property(xml, "wanted", finding.wanted());
        property(xml, "sample", Long.toString(finding.sample()));
        xml.writeEndElement();
        String reason = printable(finding.reason() == null ? "" : finding.reason());
        switch (finding.verdict()) {
            case FAIL -> message(xml, "failure", reason);
            case NO_DATA -> message(xml, "error", reason);
            case WARN -> {
                xml.writeStartElement("system-out");
                xml.writeCharacters(reason);
                xml.writeEndElement();
            }
            case PASS -> {}
        }
        xml.writeEndElement();
    }

    private static void property(XMLStreamWriter xml, String name, String value) throws XMLStreamException {
        xml.writeEmptyElement("property");
        xml.writeAttribute("name", name);
        xml.writeAttribute("value", printable(value));
    }

    private static void message(XMLStreamWriter xml, String element, String reason) throws XMLStreamException {
        xml.writeStartElement(element);
        xml.writeAttribute("message", reason);
        xml.writeEndElement();
    }

    /** XML has no way to write the other control characters, which a failure's message may quote. */
    private static String printable(String text) {
        return text.replaceAll("[^\\t\\n\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", "?");
    }
}
