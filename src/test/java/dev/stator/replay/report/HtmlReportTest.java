package dev.stator.replay.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stator.replay.report.Report.Bar;
import dev.stator.replay.report.Report.Bars;
import dev.stator.replay.report.Report.Curve;
import dev.stator.replay.report.Report.Distributions;
import dev.stator.replay.report.Report.Moment;
import dev.stator.replay.report.Report.OverTime;
import dev.stator.replay.report.Report.Point;
import dev.stator.replay.report.Report.Section;
import dev.stator.replay.report.Report.Series;
import dev.stator.replay.report.Report.Table;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.xml.parsers.DocumentBuilderFactory;

class HtmlReportTest {
    private static final String NASTY = "<b> & \"x\"";

    private static Document page(Section... sections) throws Exception {
        var report = new Report(NASTY, NASTY, Map.of(NASTY, NASTY), List.of(sections));
        String html = HtmlReport.of(report);
        assertThat(html).doesNotContain("<script", "http://", "https://", "url(", "@import");
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(html.replace("<!DOCTYPE html>", ""))));
    }

    private static List<Element> elements(Document page, String name, String style) {
        NodeList found = page.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            Element element = (Element) found.item(i);
            if (List.of(element.getAttribute("class").split(" ")).contains(style)) {
                elements.add(element);
            }
        }
        return elements;
    }

    private static List<Point> points(double... values) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            points.add(new Point(values[i], (i + 1.0) / values.length));
        }
        return points;
    }

    @Test
    void whateverIsSaidIsShownAsItIs() throws Exception {
        Document page =
                page(new Table(NASTY, NASTY, List.of(NASTY, "n"), List.of(List.of(NASTY, "7"))));

        assertThat(page.getElementsByTagName("h1").item(0).getTextContent()).isEqualTo(NASTY);
        assertThat(page.getElementsByTagName("dd").item(0).getTextContent()).isEqualTo(NASTY);
        assertThat(page.getElementsByTagName("td").item(0).getTextContent()).isEqualTo("7");
    }

    @Test
    void distributionsAreDrawnWithTheirFiguresBeneath() throws Exception {
        Document page =
                page(
                        new Distributions(
                                "d",
                                "",
                                "ms",
                                List.of(
                                        new Curve("fast", points(1, 2, 3, 40)),
                                        new Curve("slow", points(10, 20, 30, 4_000)),
                                        new Curve("none", List.of()))));

        assertThat(elements(page, "path", "curve")).hasSize(4);
        assertThat(page.getElementsByTagName("tbody").item(0).getTextContent().split("\\s+"))
                .contains("fast2404040", "slow204,0004,0004,000");
    }

    @Test
    void nothingMeasuredIsSaid() throws Exception {
        Document page = page(new Distributions("d", "", "ms", List.of()));

        assertThat(page.getDocumentElement().getTextContent()).contains("Nothing was measured.");
    }

    @Test
    void rangesAreBandsAndPlainValuesAreNot() throws Exception {
        var ranged =
                new Series("a", "", "n", List.of(new Moment(0, 1, 2, 3), new Moment(5, 2, 2, 2)));
        var plain = new Series("b", "", "n", List.of(Moment.of(0, 1), Moment.of(5, 2)));
        var empty = new Series("c", "", "n", List.of());
        Document page = page(new OverTime("t", "", true, List.of(ranged, plain, empty)));

        assertThat(elements(page, "path", "band")).hasSize(1);
        assertThat(elements(page, "path", "curve")).hasSize(2);
    }

    @Test
    void barsAreAsLongAsTheirShares() throws Exception {
        Document page =
                page(
                        new Bars(
                                "b",
                                "",
                                List.of(
                                        new Bar("most", 0.4, true),
                                        new Bar("half of it", 0.2, false))));
        double bound = width(elements(page, "rect", "bound").getFirst());
        double bar = width(elements(page, "rect", "bar").getFirst());

        assertThat(bar).isEqualTo(bound / 2);
        assertThat(elements(page, "text", "value").getLast().getTextContent()).isEqualTo("20.0 %");
    }

    private static double width(Element rectangle) {
        return Double.parseDouble(rectangle.getAttribute("width"));
    }

    @Test
    void axesHaveRoundMarksWithinTheirEnds() {
        assertThat(Scale.fromZero(870, 0, 100).marks())
                .containsExactly(0.0, 200.0, 400.0, 600.0, 800.0, 1_000.0);
        assertThat(Scale.logarithmic(3, 4_500, 0, 100).marks()).containsExactly(10.0, 100.0, 1e3);
        assertThat(Scale.logarithmic(3, 45, 0, 100).marks()).containsExactly(5.0, 10.0, 20.0);
        assertThat(Scale.logarithmic(7, 7, 0, 100).pixel(7)).isCloseTo(50, within(1e-6));
        assertThat(Scale.logarithmic(1, 100, 0, 100).pixel(10)).isCloseTo(50, within(1e-6));
        assertThat(Scale.logarithmic(1, 100, 0, 100).pixel(0)).isZero();
    }

    @Test
    void numbersHaveTheDigitsThatCount() {
        assertThat(List.of(Markup.number(0.000123456), Markup.number(4.5), Markup.number(12_345.6)))
                .containsExactly("0.000123", "4.5", "12,346");
        assertThat(List.of(Markup.mark(0.0001), Markup.mark(0.5), Markup.mark(2_000)))
                .containsExactly("0.0001", "0.5", "2,000");
    }
}
