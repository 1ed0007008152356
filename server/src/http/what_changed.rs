//! The Atom feed (RFC 4287) of what changed: the newest that stand, for newsletters and readers. It needs no sign-in,
//! and says no more than the pages that everyone reads.

use super::client::origin;
use crate::{
    db::changes::{self, ChangeRow},
    error::Error,
    state::App,
};
use app::{
    domain::{
        change::{Change, ChangeKind, brief},
        time::rfc3339,
    },
    lang::{
        area_name,
        en::{tab, what_changed as words},
    },
    ui::when,
};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
    routing::get,
};
use std::fmt::Write;

/// Where it is.
pub const FEED: &str = "/what-changed.atom";

/// How many it has.
const MOST: i64 = 50;

/// How much of what people said is the title of an entry.
const TITLE: usize = 90;

/// `/what-changed.atom`.
pub fn router() -> Router<App> {
    Router::new().route("/what-changed.atom", get(feed))
}

async fn feed(State(app): State<App>, headers: HeaderMap) -> Result<Response, Error> {
    let rows = changes::newest(&app.db.pool, MOST).await?;
    let kind = [
        (header::CONTENT_TYPE, "application/atom+xml; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=300"),
    ];
    Ok((kind, atom(&origin(&app, &headers), &rows)).into_response())
}

/// The feed. One with nothing in it was last changed when time began.
fn atom(origin: &str, rows: &[ChangeRow]) -> String {
    let at = |row: &ChangeRow| row.published.as_ref().map_or(0, |did| did.at);
    let updated = rows.iter().map(at).max().unwrap_or_default();
    let address = escaped(&format!("{origin}{FEED}"));
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    xml.push_str("<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n");
    put(
        &mut xml,
        format_args!(
            "<id>{address}</id>\n<title>{}</title>\n<updated>{}</updated>\n<author><name>{}</name></author>\n\
             <link rel=\"self\" type=\"application/atom+xml\" href=\"{address}\"/>\n\
             <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n",
            escaped(tab::WHAT_CHANGED.get()),
            rfc3339(updated),
            escaped(app::lang::en::desk::APP_NAME.get()),
            escaped(&format!("{origin}/what-changed")),
        ),
    );
    for row in rows {
        entry(&mut xml, origin, row, &rfc3339(at(row)));
    }
    xml.push_str("</feed>\n");
    xml
}

fn entry(xml: &mut String, origin: &str, row: &ChangeRow, at: &str) {
    let it = row.record(0);
    put(
        xml,
        format_args!(
            "<entry>\n<id>urn:uuid:{id}</id>\n<title>{}</title>\n<published>{at}</published>\n<updated>{at}</updated>\n\
             <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n<category term=\"{}\" label=\"{}\"/>\n\
             <content type=\"text\">{}</content>\n</entry>\n",
            escaped(&brief(&it.you_said, TITLE)),
            escaped(&format!("{origin}/what-changed/{}", row.id)),
            it.area.word(),
            escaped(area_name(it.area).get()),
            escaped(&content(&it)),
            id = row.id,
        ),
    );
}

/// All that the page says, in its order, as plain text.
fn content(it: &Change) -> String {
    let did = it.we_did.as_deref();
    let (first, second) = match it.kind {
        ChangeKind::Done => ((words::WE_DID, did), (words::WHY, Some(it.why.as_str()))),
        ChangeKind::NotYet => (
            (words::BECAUSE, Some(it.why.as_str())),
            (words::DID_SO_FAR, did),
        ),
    };
    let texts = [
        (words::YOU_SAID, Some(it.you_said.as_str())),
        first,
        second,
        (words::WHO, Some(it.who_took_part.as_str())),
    ];
    let texts = texts.into_iter();
    let mut parts: Vec<String> = texts
        .filter_map(|(heading, words)| Some(format!("{}: {}", heading.get(), words?)))
        .collect();
    let again = it.look_again.as_deref();
    parts.extend(again.map(|day| words::LOOK_AGAIN.fill(&[("date", &when::date(day))])));
    parts.join("\n\n")
}

/// Text that is text inside an element and inside a quoted attribute. Characters that XML cannot hold at all are left
/// out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if character.is_control() && !matches!(character, '\t' | '\n') => {}
            _ => safe.push(character),
        }
    }
    safe
}

fn put(xml: &mut String, text: std::fmt::Arguments) {
    xml.write_fmt(text)
        .expect("writing to a string cannot fail");
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_people_wrote_is_text_and_never_markup() {
        assert_eq!(
            escaped("<b a=\"1\">&amp;\u{1}\u{fffe}\n🌧"),
            "&lt;b a=&quot;1&quot;&gt;&amp;amp;\n🌧"
        );
    }
}
