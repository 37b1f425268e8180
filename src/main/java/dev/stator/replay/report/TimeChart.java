package dev.stator.replay.report;

import dev.stator.replay.report.Report.Moment;
import dev.stator.replay.report.Report.OverTime;
import dev.stator.replay.report.Report.Series;

import java.util.List;
import java.util.function.ToDoubleFunction;

/// Draws what went on in time: a line, and the range around it as a band.
final class TimeChart {
    private static final int WIDTH = 352;
    private static final int HEIGHT = 200;
    private static final int LEFT = 50;
    private static final int RIGHT = WIDTH - 10;
    private static final int TOP = 26;
    private static final int BOTTOM = HEIGHT - 38;

    private TimeChart() {}

    static String html(OverTime section) {
        double common = section.series().stream().mapToDouble(TimeChart::largest).max().orElse(0);
        var out = new StringBuilder("<div class=\"many\">\n");
        for (Series series : section.series()) {
            double largest = section.isSameScale() ? common : largest(series);
            out.append("<figure>\n<figcaption><b>").append(Markup.escaped(series.name()));
            out.append("</b> ").append(Markup.escaped(series.figure())).append("</figcaption>\n");
            out.append(svg(series, largest)).append("</figure>\n");
        }
        return out.append("</div>\n").toString();
    }

    private static double largest(Series series) {
        return series.moments().stream().mapToDouble(Moment::high).max().orElse(0);
    }

    private static String svg(Series series, double largest) {
        var plot = new Plot(WIDTH, HEIGHT, series.name() + " over time: " + series.figure());
        List<Moment> moments = series.moments();
        double from = moments.isEmpty() ? 0 : moments.getFirst().seconds();
        double to = moments.isEmpty() ? 1 : moments.getLast().seconds();
        Scale x = Scale.exact(from, to, LEFT, RIGHT);
        Scale y = Scale.fromZero(largest, BOTTOM, TOP);
        plot.verticalAxis(y, LEFT, RIGHT, "").horizontalAxis(x, TOP, BOTTOM);
        plot.text("middle", (LEFT + RIGHT) / 2.0, HEIGHT - 4, "seconds");
        plot.text("start unit", LEFT, TOP - 12, series.unit());
        if (!moments.isEmpty()) {
            if (moments.stream().anyMatch(it -> it.high() > it.low())) {
                String there = trace(moments, Moment::high, x, y);
                String back = trace(moments.reversed(), Moment::low, x, y).replaceFirst("M", "L");
                plot.path("band", there + back + "Z");
            }
            plot.path("curve s0", trace(moments, Moment::value, x, y));
        }
        return plot.svg();
    }

    private static String trace(
            List<Moment> moments, ToDoubleFunction<Moment> value, Scale x, Scale y) {
        var path = new StringBuilder();
        for (Moment moment : moments) {
            path.append(path.isEmpty() ? 'M' : 'L').append(Markup.at(x.pixel(moment.seconds())));
            path.append(' ').append(Markup.at(y.pixel(value.applyAsDouble(moment))));
        }
        return path.toString();
    }
}
