//! A few shapes of SVG, legible before light and dark.

use std::fmt::{Display, Write as _};

/// A picture as it is drawn.
pub(super) struct Svg {
    width: u32,
    height: u32,
    body: String,
}

/// Which end of a text its place means.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

const STYLE: &str = "\
    .ground{fill:#fff}.ink{fill:#1f2328}.faint{fill:#59636e}.mark{fill:#1a7f4b}\
    .rule{stroke:#d1d9e0;fill:none}.curve{stroke:#1a7f4b;stroke-width:2;fill:none}.aim{stroke:#9a6700;stroke-dasharray:4 3;fill:none}\
    @media(prefers-color-scheme:dark){.ground{fill:#0d1117}.ink{fill:#f0f6fc}.faint{fill:#9198a1}.mark{fill:#3fb950}\
    .rule{stroke:#3d444d}.curve{stroke:#3fb950}.aim{stroke:#d29922}}";

impl Svg {
    /// An empty picture; `title` is what those hear who do not see it.
    pub(super) fn new(width: u32, height: u32, title: &str) -> Self {
        let mut svg = Self { width, height, body: String::new() };
        svg.push(format_args!("<title>{}</title>", escaped(title)));
        svg.push(format_args!("<rect class=\"ground\" width=\"{width}\" height=\"{height}\" rx=\"6\"/>"));
        svg
    }

    /// A line of text of that class (`ink` or `faint`).
    pub(super) fn text(&mut self, [x, y]: [f64; 2], anchor: Anchor, class: &str, text: impl Display) {
        let text = escaped(&text.to_string());
        let anchor = anchor.name();
        self.push(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" class=\"{class}\">{text}</text>"
        ));
    }

    /// Text that rises to the right, for the head of a narrow column.
    pub(super) fn slanted(&mut self, [x, y]: [f64; 2], text: &str) {
        let text = escaped(text);
        self.push(format_args!("<text transform=\"translate({x:.1} {y:.1}) rotate(-40)\" class=\"ink\">{text}</text>"));
    }

    /// A filled rectangle, `opacity` 0 to 1.
    pub(super) fn bar(&mut self, [x, y]: [f64; 2], [width, height]: [f64; 2], opacity: f64) {
        self.push(format_args!(
            "<rect class=\"mark\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" opacity=\"{opacity:.2}\"/>"
        ));
    }

    /// The outline of a rectangle.
    pub(super) fn frame(&mut self, [x, y]: [f64; 2], [width, height]: [f64; 2]) {
        self.push(format_args!(
            "<rect class=\"rule\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>"
        ));
    }

    /// A line through points, of that class (`curve`, `aim` or `rule`).
    pub(super) fn line(&mut self, class: &str, points: &[[f64; 2]]) {
        let points: Vec<String> = points.iter().map(|[x, y]| format!("{x:.1},{y:.1}")).collect();
        self.push(format_args!("<polyline class=\"{class}\" points=\"{}\"/>", points.join(" ")));
    }

    /// The whole file.
    pub(super) fn finish(self) -> String {
        let Self { width, height, body } = self;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"12\">\n\
             <style>{STYLE}</style>\n{body}</svg>\n"
        )
    }

    fn push(&mut self, shape: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.body, "{shape}");
    }
}

impl Anchor {
    fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
