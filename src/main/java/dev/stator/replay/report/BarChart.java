package dev.stator.replay.report;

import dev.stator.replay.report.Report.Bar;
import dev.stator.replay.report.Report.Bars;

import java.util.Locale;

/// Draws shares as bars, the limits among them as outlines with a line through all others.
final class BarChart {
    private static final int WIDTH = 720;
    private static final int LEFT = 210;
    private static final int RIGHT = WIDTH - 70;
    private static final int ROW = 28;
    private static final int BAR = 18;
    private static final int TOP = 6;

    private BarChart() {}

    static String html(Bars section) {
        double largest = section.bars().stream().mapToDouble(Bar::share).max().orElse(0);
        if (largest == 0) {
            largest = 1;
        }
        int height = TOP + ROW * section.bars().size() + TOP;
        Scale x = Scale.exact(0, largest, LEFT, RIGHT);
        var plot = new Plot(WIDTH, height, section.title());
        for (Bar bar : section.bars()) {
            if (bar.isBound()) {
                plot.line("guide", x.pixel(bar.share()), TOP, x.pixel(bar.share()), height - TOP);
            }
        }
        for (int i = 0; i < section.bars().size(); i++) {
            Bar bar = section.bars().get(i);
            double y = TOP + ROW * i + (ROW - BAR) / 2.0;
            double end = x.pixel(bar.share());
            plot.text("end", LEFT - 8, y + BAR - 4, bar.name());
            plot.rectangle(bar.isBound() ? "bound" : "bar", LEFT, y, end - LEFT, BAR);
            plot.text("start value", end + 6, y + BAR - 4, percent(bar.share()));
        }
        plot.line("axis", LEFT, TOP, LEFT, height - TOP);
        return plot.svg();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
