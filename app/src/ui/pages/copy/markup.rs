//! The page of a copy to read, as text: elements with words in them, and every word escaped.

use crate::lang::{Text, en::copy as words};

/// Nothing is loaded and nothing runs, also if an escape were forgotten.
const HEAD: &str = "<meta charset=\"utf-8\">\n\
    <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
    <style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#1d2a2c;background:#fffdf9}\
    h2{margin-top:2.5rem;border-bottom:1px solid #e4dacb}p{margin:.4rem 0;overflow-wrap:anywhere}\
    .typed{white-space:pre-line;padding-left:1rem;border-left:3px solid #e4dacb}.soft{color:#445254}\
    article{break-inside:avoid}</style>\n";

/// A page that is being written.
pub(in crate::ui::pages) struct Page(String);

impl Page {
    /// A page with its heading.
    pub(in crate::ui::pages) fn new(title: Text) -> Self {
        let mut page = Self(String::from(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n",
        ));
        page.0.push_str(HEAD);
        page.put("title", title.get());
        page.0.push_str("</head>\n<body>\n<main>\n");
        page.put("h1", title.get());
        page
    }

    /// The whole page.
    pub(in crate::ui::pages) fn end(mut self) -> String {
        self.0.push_str("</main>\n</body>\n</html>\n");
        self.0
    }

    /// An element with words in it; a class may follow the tag ("p.soft").
    pub(in crate::ui::pages) fn put(&mut self, tag: &str, words: &str) {
        let (tag, class) = tag.split_once('.').unwrap_or((tag, ""));
        let class = if class.is_empty() {
            String::new()
        } else {
            [" class=\"", class, "\""].concat()
        };
        let parts = ["<", tag, &class, ">", &escaped(words), "</", tag, ">\n"];
        self.0.push_str(&parts.concat());
    }

    /// What a person wrote.
    pub(in crate::ui::pages) fn typed(&mut self, words: Option<&str>) {
        if let Some(words) = words {
            self.put("p.typed", words);
        }
    }

    /// What a person wrote, and what it is.
    pub(in crate::ui::pages) fn fill(&mut self, text: Text, gap: &str, words: Option<&str>) {
        if let Some(words) = words {
            self.put("p.typed", &text.fill(&[(gap, words)]));
        }
    }

    /// A part of the page.
    pub(in crate::ui::pages) fn each<T>(
        &mut self,
        heading: Text,
        all: &[T],
        mut one: impl FnMut(&mut Self, &T),
    ) {
        self.put("h2", heading.get());
        if all.is_empty() {
            self.put("p", words::EMPTY.get());
        }
        for item in all {
            self.0.push_str("<article>\n");
            one(self, item);
            self.0.push_str("</article>\n");
        }
    }
}

/// Words that no browser takes for markup.
pub(in crate::ui::pages) fn escaped(words: &str) -> String {
    let mut safe = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter => safe.push(letter),
        }
    }
    safe
}
