package dev.stator.replay.report;

/// An SVG image that is being drawn: a frame with axes, and what the charts put into it.
final class Plot {
    private final StringBuilder out = new StringBuilder();
    private final int width;
    private final int height;

    /// @param description for those who cannot see it
    Plot(int width, int height, String description) {
        this.width = width;
        this.height = height;
        out.append(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"".formatted(width, height));
        out.append(Markup.escaped(description)).append("\">\n");
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /// A straight line.
    Plot line(String style, double x1, double y1, double x2, double y2) {
        out.append(
                "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n"
                        .formatted(
                                style, Markup.at(x1), Markup.at(y1), Markup.at(x2), Markup.at(y2)));
        return this;
    }

    /// @param path as SVG writes it
    Plot path(String style, CharSequence path) {
        out.append("<path class=\"").append(style).append("\" d=\"").append(path);
        out.append("\"/>\n");
        return this;
    }

    Plot rectangle(String style, double x, double y, double w, double h) {
        out.append(
                "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"2\"/>\n"
                        .formatted(style, Markup.at(x), Markup.at(y), Markup.at(w), Markup.at(h)));
        return this;
    }

    /// @param style `start`, `middle` or `end` among others, which says where the text is held
    Plot text(String style, double x, double y, String text) {
        out.append(
                "<text class=\"%s\" x=\"%s\" y=\"%s\">"
                        .formatted(style, Markup.at(x), Markup.at(y)));
        out.append(Markup.escaped(text)).append("</text>\n");
        return this;
    }

    /// Marks along the bottom, with lines through the frame.
    Plot horizontalAxis(Scale scale, double top, double bottom) {
        for (double mark : scale.marks()) {
            double x = scale.pixel(mark);
            line("grid", x, top, x, bottom);
            text("middle", x, bottom + 16, Markup.mark(mark));
        }
        return line("axis", scale.start(), bottom, scale.end(), bottom);
    }

    /// Marks along the left, with lines through the frame.
    ///
    /// @param unit behind each number
    Plot verticalAxis(Scale scale, double left, double right, String unit) {
        for (double mark : scale.marks()) {
            double y = scale.pixel(mark);
            line("grid", left, y, right, y);
            text("end", left - 6, y + 4, Markup.mark(mark) + unit);
        }
        return this;
    }

    String svg() {
        return out + "</svg>\n";
    }
}
