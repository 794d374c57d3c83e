//! Rendering templates: the frame around the HTML of an email, and the filters of the text parts.

use askama::Template;
use store::{Result, StoreError};

use super::{
    envelope::Envelope,
    frame::{self, Slots},
};

/// The end of the HTML: why the email was sent, and how to stop it.
#[derive(Template)]
#[template(path = "foot.html")]
struct Foot<'a> {
    public_url: &'a str,
    /// `None` in emails of people who have no preferences yet.
    preferences_url: Option<&'a str>,
    unsubscribe_url: &'a str,
}

/// The parts of an HTML email. All of it is plain text except the body.
pub(super) struct HtmlContent<'a, T> {
    /// The title of the document.
    pub title: &'a str,
    /// What mail programs show beside the subject.
    pub preview: &'a str,
    /// The line below the name of the site.
    pub dateline: &'a str,
    /// The template of the body.
    pub body: &'a T,
    /// A link in the foot.
    pub preferences_url: Option<&'a str>,
}

/// The HTML of an email: its body in the frame that all emails share.
pub(super) fn html(envelope: &Envelope<'_>, content: &HtmlContent<'_, impl Template>) -> Result<String> {
    let foot = Foot {
        public_url: envelope.public_url,
        preferences_url: content.preferences_url,
        unsubscribe_url: &envelope.unsubscribe_url,
    };
    frame::fill(&Slots {
        title: &escaped(content.title),
        preview: &escaped(content.preview),
        home: &escaped(envelope.public_url),
        dateline: &escaped(content.dateline),
        body: &render(content.body)?,
        foot: &render(&foot)?,
    })
}

/// The text of a template.
pub(super) fn render(template: &impl Template) -> Result<String> {
    template
        .render()
        .map_err(|error| StoreError::Corrupt(format!("an email cannot be written: {error}")))
}

fn escaped(text: &str) -> String {
    askama::filters::escape(text, askama::filters::Html)
        .map_or_else(|never| match never {}, |text| text.to_string())
}

/// The filters of the text templates.
pub(super) mod filters {
    /// Width of the text part, in columns. It fits every mail program, also when quoted once or twice.
    const TEXT_WIDTH: usize = 72;

    /// Wraps a paragraph that stands indented below a number.
    #[askama::filter_fn]
    pub fn wrapped(text: &str, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(filled(text, "    ", "    "))
    }

    /// Wraps an item of a list.
    #[askama::filter_fn]
    pub fn listed(text: &str, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(filled(text, "  * ", "    "))
    }

    /// Wraps a paragraph without an indent.
    #[askama::filter_fn]
    pub fn paragraph(text: &str, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(filled(text, "", ""))
    }

    /// Wraps and underlines a heading.
    #[askama::filter_fn]
    pub fn headed(text: &str, _: &dyn askama::Values) -> askama::Result<String> {
        let heading = filled(text, "", "");
        let width = heading
            .lines()
            .map(textwrap::core::display_width)
            .max()
            .unwrap_or(0);
        Ok(format!("{heading}\n{}", "=".repeat(width)))
    }

    fn filled(text: &str, first: &str, then: &str) -> String {
        let options = textwrap::Options::new(TEXT_WIDTH)
            .initial_indent(first)
            .subsequent_indent(then)
            .break_words(false)
            // URLs are not broken.
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        textwrap::fill(text, options)
    }
}
