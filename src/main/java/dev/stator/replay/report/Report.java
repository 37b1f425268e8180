package dev.stator.replay.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A page about one run or several.
///
/// @param summary one or two sentences that say what came out
/// @param facts what was run where, in order: name and words
public record Report(
        String title, String summary, Map<String, String> facts, List<Section> sections) {
    public Report {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        sections = List.copyOf(sections);
    }

    /// A part of the page with a heading, and a note that says how to read it; empty for none.
    public sealed interface Section {
        String title();

        String note();
    }

    /// Figures in rows. The first column names the row.
    public record Table(String title, String note, List<String> columns, List<List<String>> rows)
            implements Section {
        public Table {
            columns = List.copyOf(columns);
            rows = rows.stream().map(List::copyOf).toList();
        }
    }

    /// Cumulative distributions in one plot, on a logarithmic axis.
    ///
    /// @param unit of the values
    public record Distributions(String title, String note, String unit, List<Curve> curves)
            implements Section {
        public Distributions {
            curves = List.copyOf(curves);
        }
    }

    /// One distribution.
    ///
    /// @param points by rising value and fraction
    public record Curve(String name, List<Point> points) {
        public Curve {
            points = List.copyOf(points);
        }
    }

    /// @param fraction of all values that are not larger, in `[0, 1]`
    public record Point(double value, double fraction) {}

    /// What went on in time, one small plot for each series.
    ///
    /// @param isSameScale whether the plots share their vertical axis, to be compared
    public record OverTime(String title, String note, boolean isSameScale, List<Series> series)
            implements Section {
        public OverTime {
            series = List.copyOf(series);
        }
    }

    /// @param figure that sums it up, in words
    /// @param unit of its values
    /// @param moments in the order of time
    public record Series(String name, String figure, String unit, List<Moment> moments) {
        public Series {
            moments = List.copyOf(moments);
        }
    }

    /// A value at a time, with the range around it where there is one.
    public record Moment(double seconds, double low, double value, double high) {

        /// A value without a range.
        public static Moment of(double seconds, double value) {
            return new Moment(seconds, value, value, value);
        }
    }

    /// Shares side by side.
    public record Bars(String title, String note, List<Bar> bars) implements Section {
        public Bars {
            bars = List.copyOf(bars);
        }
    }

    /// @param share in `[0, 1]`
    /// @param isBound whether it is a limit that the others are held against
    public record Bar(String name, double share, boolean isBound) {}
}
