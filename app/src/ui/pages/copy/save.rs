//! Saving a copy: to read, or for another phone; with a passphrase or without.

use super::{Said, copy_of, readable};
use crate::{
    copy::schema::Copy,
    lang::{Text, en::copy as words},
    ui::{
        Ui,
        el::{El, el},
        local::{Phone, Problem},
        pages::pin::secret,
        parts::{
            act::run,
            card,
            form::{Fields, form_of},
            heading, p, soft,
        },
    },
};
use leptos::{prelude::*, web_sys::Event};
use std::{cell::RefCell, rc::Rc};

/// The fewest characters of a passphrase.
const PASSPHRASE_MIN: usize = 8;

/// Which file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    ToRead,
    ToPhone,
}

/// The form; its first button is the main one of the screen, or not.
pub(super) fn form(ui: Ui, said: Said, is_main: bool) -> El {
    let button = |words: Text, class: &'static str, kind: Kind| {
        el("button")
            .attr("type", "submit")
            .class(class)
            .with(words)
            .on("click", move |event| pressed(ui, said, &event, kind))
    };
    let heard = said.get();
    let main = if is_main { "button main" } else { "button" };
    el("form")
        .key("save")
        .attr("method", "dialog")
        .attr("autocomplete", "off")
        .with(heading(words::SAVE))
        .with(card().class("card outline").with(p(words::OPEN_TO_ALL)))
        .with(secret("passphrase", words::PASSPHRASE, false))
        .with(soft(words::PASSPHRASE_WHY))
        .with(secret("again", words::AGAIN, false))
        .with(
            el("div")
                .attr("role", "alert")
                .when(heard.map(|words| p(words).class("card outline"))),
        )
        .with(button(words::TO_READ, main, Kind::ToRead))
        .with(soft(words::TO_READ_WHY))
        .with(button(words::TO_PHONE, "button", Kind::ToPhone))
        .with(soft(words::TO_PHONE_WHY))
}

fn pressed(ui: Ui, said: Said, event: &Event, kind: Kind) {
    event.prevent_default();
    let (Some(form), Some(phone)) = (form_of(event), ui.local.phone()) else {
        return;
    };
    let passphrase = match passphrase(&Fields::of(&form, &["passphrase", "again"])) {
        Ok(passphrase) => passphrase,
        Err(why) => return said.set(Some(why.get().to_owned())),
    };
    let moment = Some(words::MOMENT.get().to_owned());
    if said.get_untracked() == moment {
        return;
    }
    said.set(moment);
    run(async move {
        let heard = match save(ui, &phone, kind, passphrase).await {
            Ok(file) => {
                form.reset();
                Some(words::SAVED.fill(&[("file", &file)]))
            }
            Err(Problem::Refused(why)) => Some(why),
            Err(problem) => {
                ui.say(problem);
                None
            }
        };
        // Another screen may stand in the place of this one by now.
        drop(said.try_set(heard));
    });
}

/// Makes the file of what is here at this moment, and saves it. Its name.
async fn save(
    ui: Ui,
    phone: &Rc<dyn Phone>,
    kind: Kind,
    passphrase: String,
) -> Result<String, Problem> {
    let copy = copy_of(ui, &**phone, &phone.rows().await?);
    let (ending, media, text) = match kind {
        Kind::ToPhone => ("json", "application/json", copy.to_json()),
        Kind::ToRead => ("html", "text/html", to_read(&**phone, &copy).await?),
    };
    let with = vec![ending.to_owned(), media.to_owned(), text, passphrase];
    let done = phone.aside("copy.save", with).await?;
    Ok(done.into_iter().next().unwrap_or_default())
}

/// The browser says all times at once, so the file is made twice: first to see which there are.
async fn to_read(phone: &dyn Phone, copy: &Copy) -> Result<String, Problem> {
    let times = RefCell::new(Vec::new());
    readable::html(copy, &|at: &str| {
        times.borrow_mut().push(at.to_owned());
        String::new()
    });
    let times = times.into_inner();
    let said = phone.aside("copy.say", times.clone()).await?;
    Ok(readable::html(copy, &|at: &str| {
        let place = times.iter().position(|one| one == at);
        let said = place.and_then(|place| said.get(place));
        said.map_or_else(|| at.to_owned(), Clone::clone)
    }))
}

/// What was typed as a passphrase; empty for none.
fn passphrase(typed: &Fields) -> Result<String, Text> {
    let typed = |name: &str| typed.get(name).unwrap_or_default();
    let (first, again) = (typed("passphrase"), typed("again"));
    if first != again {
        return Err(words::DIFFER);
    }
    if !first.is_empty() && first.chars().count() < PASSPHRASE_MIN {
        return Err(words::SHORT);
    }
    Ok(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(first: &str, again: &str) -> Result<String, Text> {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        passphrase(&Fields(vec![
            pair("passphrase", first),
            pair("again", again),
        ]))
    }

    #[test]
    fn a_passphrase_is_none_or_long_enough_and_typed_twice() {
        assert_eq!(typed("", ""), Ok(String::new()));
        assert_eq!(typed("éight cä", "éight cä"), Ok("éight cä".into()));
        assert_eq!(typed("seven c", "seven c"), Err(words::SHORT));
        assert_eq!(typed("long enough", "long enouhg"), Err(words::DIFFER));
        assert_eq!(typed("long enough", ""), Err(words::DIFFER));
        assert_eq!(typed("", "long enough"), Err(words::DIFFER));
    }
}
