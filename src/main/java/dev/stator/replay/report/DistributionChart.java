package dev.stator.replay.report;

import dev.stator.replay.report.Report.Curve;
import dev.stator.replay.report.Report.Distributions;
import dev.stator.replay.report.Report.Point;

import java.util.List;

/// Draws cumulative distributions, and beneath them the figures that people ask for first.
final class DistributionChart {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 340;
    private static final int LEFT = 52;
    private static final int RIGHT = WIDTH - 12;
    private static final int TOP = 12;
    private static final int BOTTOM = HEIGHT - 44;
    private static final int PERCENT = 100;

    /// Closer points cannot be told apart.
    private static final double STEP_PIXELS = 0.7;

    /// The shortest few would stretch the axis, and nobody asks for them.
    private static final double LEFT_FRACTION = 0.005;

    private static final double[] QUANTILES = {0.5, 0.9, 0.99, 1};

    private DistributionChart() {}

    static String html(Distributions section) {
        List<Curve> curves =
                section.curves().stream().filter(it -> !it.points().isEmpty()).toList();
        if (curves.isEmpty()) {
            return "<p class=\"nothing\">Nothing was measured.</p>\n";
        }
        return svg(section, curves) + legend(section, curves);
    }

    private static String svg(Distributions section, List<Curve> curves) {
        double smallest =
                curves.stream().mapToDouble(DistributionChart::smallest).min().orElseThrow();
        double largest =
                curves.stream()
                        .mapToDouble(it -> it.points().getLast().value())
                        .max()
                        .orElseThrow();
        Scale x = Scale.logarithmic(smallest, Math.max(smallest, largest), LEFT, RIGHT);
        Scale y = Scale.exact(0, PERCENT, BOTTOM, TOP);
        var plot = new Plot(WIDTH, HEIGHT, section.title() + ", cumulative distribution");
        plot.verticalAxis(y, LEFT, RIGHT, " %").horizontalAxis(x, TOP, BOTTOM);
        plot.text("middle", (LEFT + RIGHT) / 2.0, HEIGHT - 6, section.unit() + ", logarithmic");
        plot.line("guide", LEFT, y.pixel(99), RIGHT, y.pixel(99));
        plot.text("start guide-text", LEFT + 6, y.pixel(99) + 13, "99 %");
        for (int i = 0; i < curves.size(); i++) {
            plot.path("curve " + Markup.series(i), path(curves.get(i), x, y));
        }
        return plot.svg();
    }

    /// Where the axis may begin: a value that a logarithm can be taken of.
    private static double smallest(Curve curve) {
        return curve.points().stream()
                .filter(it -> it.value() > 0 && it.fraction() >= LEFT_FRACTION)
                .mapToDouble(Point::value)
                .findFirst()
                .orElse(1);
    }

    /// A staircase, thinned to what can be seen.
    private static StringBuilder path(Curve curve, Scale x, Scale y) {
        var path = new StringBuilder();
        double lastX = x.pixel(curve.points().getFirst().value());
        double lastY = y.pixel(0);
        path.append('M').append(Markup.at(lastX)).append(' ').append(Markup.at(lastY));
        for (int i = 0; i < curve.points().size(); i++) {
            Point point = curve.points().get(i);
            double nextX = x.pixel(point.value());
            double nextY = y.pixel(PERCENT * point.fraction());
            boolean last = i == curve.points().size() - 1;
            if (last || Math.abs(nextX - lastX) + Math.abs(nextY - lastY) >= STEP_PIXELS) {
                path.append('L').append(Markup.at(nextX)).append(' ').append(Markup.at(nextY));
                lastX = nextX;
                lastY = nextY;
            }
        }
        return path;
    }

    private static String legend(Distributions section, List<Curve> curves) {
        var out = new StringBuilder("<table class=\"legend\">\n<thead><tr><th></th>");
        for (String name : List.of("p50", "p90", "p99", "max")) {
            out.append("<th>").append(name).append("</th>");
        }
        out.append("</tr></thead>\n<tbody>\n");
        for (int i = 0; i < curves.size(); i++) {
            out.append("<tr><th>").append(swatch(i));
            out.append(Markup.escaped(curves.get(i).name())).append("</th>");
            for (double quantile : QUANTILES) {
                out.append("<td>").append(Markup.number(value(curves.get(i), quantile)));
                out.append("</td>");
            }
            out.append("</tr>\n");
        }
        return out.append("</tbody>\n<caption>")
                .append(Markup.escaped(section.unit()))
                .append("</caption>\n</table>\n")
                .toString();
    }

    private static String swatch(int index) {
        return "<svg class=\"swatch\" viewBox=\"0 0 32 8\" aria-hidden=\"true\">"
                + "<path class=\"curve %s\" d=\"M0 4H32\"/></svg>".formatted(Markup.series(index));
    }

    private static double value(Curve curve, double quantile) {
        return curve.points().stream()
                .filter(it -> it.fraction() >= quantile - 1e-9)
                .findFirst()
                .orElse(curve.points().getLast())
                .value();
    }
}
