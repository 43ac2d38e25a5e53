//! Markdown in, safe HTML out: GitHub's dialect through comrak, then ammonia's allow-list.

use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use comrak::{Options, markdown_to_html};

static ALLOWED: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .tags(
            [
                "a",
                "blockquote",
                "br",
                "code",
                "del",
                "em",
                "h3",
                "h4",
                "h5",
                "h6",
                "hr",
                "li",
                "ol",
                "p",
                "pre",
                "strong",
                "sub",
                "sup",
                "table",
                "tbody",
                "td",
                "th",
                "thead",
                "tr",
                "ul",
            ]
            .into(),
        )
        // No images: a picture from elsewhere would tell its host who reads.
        .url_schemes(["https", "http", "mailto", "tel"].into())
        // A link without a host would act inside Hortus, with the reader's session.
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow ugc"));
    builder
});

static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.render.hardbreaks = true;
    options.render.escape = true;
    options
});

/// The HTML that readers see. Raw HTML in the text is shown as text; headings begin at the third level.
pub fn to_html(markdown: &str) -> String {
    let html = markdown_to_html(markdown, &OPTIONS);
    let lowered = html
        .replace("<h2>", "<h4>")
        .replace("</h2>", "</h4>")
        .replace("<h1>", "<h3>")
        .replace("</h1>", "</h3>");
    ALLOWED.clean(&lowered).to_string()
}

/// Whether readers would see a word: pictures, comments, definitions of links and letters without a shape show none.
pub fn shows_words(markdown: &str) -> bool {
    // Only these marks can hide a word.
    if !markdown.contains(['[', '&', '<', '!']) {
        return markdown.chars().any(seen);
    }
    let mut html = to_html(markdown);
    for sign in ["&nbsp;", "&amp;", "&lt;", "&gt;", "&quot;"] {
        html = html.replace(sign, " ");
    }
    let outside = html
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    outside.flat_map(str::chars).any(seen)
}

/// Letters and digits that have a shape: fillers of Hangul are letters, too.
fn seen(letter: char) -> bool {
    letter.is_alphanumeric() && !matches!(letter, '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}')
}

/// The first words without marks, for lists.
pub fn excerpt(markdown: &str, characters: usize) -> String {
    let plain: String = markdown
        .lines()
        .map(|line| {
            line.trim_start_matches(['#', '>', '-', '*', '+', ' ', '|'])
                .trim()
        })
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .replace(['*', '`', '_', '|'], "");
    if plain.chars().count() <= characters {
        return plain;
    }
    let cut: String = plain.chars().take(characters).collect();
    let whole_words = cut
        .rsplit_once(' ')
        .map_or(cut.as_str(), |(words, _)| words);
    format!("{whole_words} …")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_html_and_scripts_become_text() {
        let html =
            to_html("# Dose\n\n**two** tablets <script>alert(1)</script> [ok](https://a.example)");
        assert!(html.contains("<h3>Dose</h3>") && html.contains("<strong>two</strong>"));
        assert!(!html.contains("<script") && html.contains("&lt;script"));
        assert!(html.contains("rel=\"noopener noreferrer nofollow ugc\""));
    }

    #[test]
    fn links_that_run_code_and_pictures_are_taken_out() {
        let html = to_html(
            "[x](javascript:alert(1)) ![y](https://spy.example/p.png) <img src=x onerror=y>",
        );
        assert!(!html.contains("javascript") && !html.contains("<img"));
    }

    #[test]
    fn links_without_a_host_lead_nowhere() {
        let html = to_html(
            "[a](/api/session) [b](//evil.example) [c](javascript:x) [d](https://a.example)",
        );
        assert_eq!(html.matches("href").count(), 1);
    }

    #[test]
    fn what_shows_no_word_is_known() {
        for nothing in [
            "![a](http://x.example/y.png)",
            "[a]: http://b.example",
            "&nbsp;",
            "\u{3164}",
            "[](http://e.example)",
            "***",
        ] {
            assert!(!shows_words(nothing), "{nothing}");
        }
        for something in ["yes", "[ok](http://b.example)", "a < b", "R&D", "1"] {
            assert!(shows_words(something), "{something}");
        }
    }

    #[test]
    fn an_excerpt_ends_at_a_whole_word() {
        assert_eq!(excerpt("> *one* two three four", 11), "one two …");
        assert_eq!(excerpt("## short", 40), "short");
    }
}
