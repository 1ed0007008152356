//! The PIN: turning it on, with what forgetting it means said first; changing it, and turning it off.

use crate::{
    domain::pin::{self, NoPin},
    lang::{
        Text,
        en::{my_phone, pin as words},
    },
    ui::{
        Ui,
        el::{El, el, live},
        local::{PhoneStatus, PinAct, PinStatus, Problem},
        navigation::{focus_heading, soon},
        parts::{
            act::{ask, run},
            button, card, empty, field,
            form::{Fields, form_of},
            heading, p, page as screen, second_link, soft,
        },
    },
};
use leptos::prelude::*;

const FIELDS: [&str; 4] = ["now", "new", "again", "read"];
const AFTER: [(u32, Text); 3] = [
    (1, words::AFTER_ONE),
    (5, words::AFTER_FIVE),
    (15, words::AFTER_FIFTEEN),
];

/// What came of a form, in words.
type Said = RwSignal<Option<String>>;

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    // Each form says beside itself what came of it.
    let said = (RwSignal::new(None), RwSignal::new(None));
    screen(words::TITLE).with(live(move || {
        let status = ui.local.status.with(|status| status.pin.clone());
        if !ui.open.get() {
            el("div").key("closed").with(empty(my_phone::NEEDS_APP))
        } else if status.set {
            is_on(ui, said, &status).key("on")
        } else {
            is_off(ui, said.1).key("off")
        }
    }))
}

/// The question, once, after the first thing was kept or sent. Empty when it need not be asked.
pub(crate) fn question(ui: Ui) -> El {
    let asked = ui.local.status.with(|status| status.pin.alone);
    let card = (!asked).then(|| {
        card()
            .with(heading(words::ASK))
            .with(p(words::ASK_UNDER))
            .with(second_link("/my-phone/pin", words::ASK_YES))
            .with(button(words::ASK_NO, move || {
                ask(ui, |phone| phone.pin(PinAct::Alone));
            }))
    });
    el("div").when(card)
}

/// A form about the PIN, and what came of it.
pub(super) fn ask_pin(
    ui: Ui,
    said: Said,
    fields: Vec<El>,
    action: Text,
    act: fn(&Fields) -> Result<PinAct, Text>,
) -> El {
    // Where the PIN is on and was given, none of what can be done with it is the main thing.
    let is_given = |status: &PhoneStatus| status.pin.set && !status.pin.locked;
    let class = if ui.local.status.with_untracked(is_given) {
        "button"
    } else {
        "button main"
    };
    el("form")
        .each(fields)
        .with(
            el("div")
                .attr("role", "alert")
                .when(said.get().map(|words| p(words).class("card outline"))),
        )
        .with(
            el("button")
                .attr("type", "submit")
                .class(class)
                .with(action),
        )
        .on("submit", move |event| {
            event.prevent_default();
            let (Some(form), Some(phone)) = (form_of(&event), ui.local.phone()) else {
                return;
            };
            let moment = Some(words::MOMENT.get().to_owned());
            if said.get_untracked() == moment {
                // Pressed again while the first is tried: that would count as another try.
                return;
            }
            let act = match act(&Fields::of(&form, &FIELDS)) {
                Ok(act) => act,
                Err(why) => return said.set(Some(why.get().to_owned())),
            };
            let done = match act {
                PinAct::Change(..) => Some(words::CHANGED),
                PinAct::Off(_) => Some(words::IS_OFF),
                _ => None,
            };
            said.set(moment);
            run(async move {
                let say = match phone.pin(act).await {
                    Ok(()) => {
                        soon(focus_heading);
                        done.map(|words| words.get().to_owned())
                    }
                    Err(Problem::Refused(why)) => Some(why),
                    Err(problem) => {
                        ui.say(problem);
                        None
                    }
                };
                // Another screen may stand in the place of this one by now.
                drop(said.try_set(say));
                form.reset();
            });
        })
}

/// A field that nobody reads over a shoulder, and that no keyboard or browser remembers.
pub(super) fn secret(name: &'static str, label: Text, numbers: bool) -> El {
    let keys = if numbers { "numeric" } else { "text" };
    let input = el("input")
        .attr("type", "password")
        .attr("name", name)
        .attr("maxlength", "200")
        .attr("inputmode", keys)
        // Asked for as a code that is used once, so that no browser offers to save it.
        .attr("autocomplete", "one-time-code");
    el("label")
        .class("field")
        .with(el("span").class("label").with(label))
        .with(input)
}

fn is_off(ui: Ui, said: Said) -> El {
    let forget = card()
        .with(heading(words::FORGET))
        .with(p(words::FORGET_ONE))
        .with(p(words::FORGET_TWO))
        .with(p(words::FORGET_THREE))
        .with(field::tick("read", words::READ));
    let fields = vec![
        secret("new", words::NEW, false),
        soft(words::NEW_WHY),
        secret("again", words::AGAIN, false),
        soft(words::TOOLS),
        soft(words::TRACES),
        forget,
    ];
    el("div").class("group").with(p(words::WHAT)).with(ask_pin(
        ui,
        said,
        fields,
        words::ON,
        |typed| {
            let new = new_of(typed)?;
            if !typed.is_ticked("read") {
                return Err(words::READ_NEEDED);
            }
            Ok(PinAct::Set(new))
        },
    ))
}

fn is_on(ui: Ui, said: (Said, Said), status: &PinStatus) -> El {
    let change = vec![
        secret("now", words::NOW, status.numbers),
        secret("new", words::NEW, false),
        soft(words::NEW_WHY),
        secret("again", words::AGAIN, false),
    ];
    let off = vec![
        soft(words::OFF_UNDER),
        secret("now", words::NOW, status.numbers),
    ];
    el("div")
        .class("group")
        .with(p(words::IS_ON))
        .with(button(words::LOCK_NOW, move || {
            ask(ui, |phone| phone.pin(PinAct::Lock));
        }))
        .with(heading(words::AFTER))
        .with(
            el("div")
                .class("filter")
                .each(AFTER.map(|(min, label)| after(ui, min, label, status.after_min))),
        )
        .with(soft(words::AFTER_UNDER))
        .with(heading(words::CHANGE))
        .with(ask_pin(ui, said.0, change, words::CHANGE, |typed| {
            Ok(PinAct::Change(now_of(typed), new_of(typed)?))
        }))
        .with(heading(words::OFF))
        .with(ask_pin(ui, said.1, off, words::OFF, |typed| {
            Ok(PinAct::Off(now_of(typed)))
        }))
}

fn after(ui: Ui, min: u32, label: Text, now: u32) -> El {
    let pressed = if min == now { "true" } else { "false" };
    button(label, move || {
        ask(ui, move |phone| phone.pin(PinAct::After(min)))
    })
    .class("choice")
    .attr("aria-pressed", pressed)
}

fn now_of(typed: &Fields) -> String {
    pin::plain(&typed.get("now").unwrap_or_default())
}

fn new_of(typed: &Fields) -> Result<String, Text> {
    let new = pin::new(&typed.get("new").unwrap_or_default()).map_err(|why| match why {
        NoPin::TooShort => words::SHORT,
        NoPin::Easy => words::EASY,
    })?;
    if pin::plain(&typed.get("again").unwrap_or_default()) != new {
        return Err(words::DIFFER);
    }
    Ok(new)
}
