//! Join with a code. Looking around needs none; what is kept and why stands beside the question.

use crate::{
    domain::{pair_code, text},
    lang::en::{join as words, phones as phone_words},
    ui::{
        Ui,
        el::{El, el, live},
        local::{Link, Problem},
        navigation::{focus_heading, soon},
        parts::{
            act::run,
            card, field,
            form::{Fields, fill, form_by_id, form_of},
            heading, link,
            load::whenever,
            main_heading, main_link, p, second_link, soft,
        },
    },
};
use leptos::{prelude::*, web_sys::Event};

const FORM_ID: &str = "join";
const FIELDS: [&str; 2] = ["code", "name"];

/// The screen. `code` is the one that a link or a poster carried.
pub(crate) fn page(ui: Ui, code: Option<String>) -> El {
    let ask = RwSignal::new(None::<String>);
    let joined = RwSignal::new(false);
    let typed = code.clone();
    whenever(move || {
        // A code from the address is put in where none was typed.
        if let (true, Some(code), Some(form)) = (ui.open.get(), &typed, form_by_id(FORM_ID)) {
            fill(&form, &Fields(vec![("code".to_owned(), code.clone())]));
        }
    });
    el("div").with(live(move || {
        if joined.get() {
            done(ui).key("joined")
        } else if let Some(someone) = someone_is_here(ui) {
            someone.key("someone")
        } else {
            question(ui, code.as_deref(), ask, joined).key("question")
        }
    }))
}

fn question(
    ui: Ui,
    code: Option<&str>,
    ask: RwSignal<Option<String>>,
    joined: RwSignal<bool>,
) -> El {
    let page = ui.local.page.get_value();
    let problem = ask.get().or(page.form_problem);
    let mut typed = page.form_values;
    typed.extend(code.map(|code| ("code".to_owned(), code.to_owned())));
    // A code for another phone of the same person, from a picture or a link: no name is asked then.
    let adds = code.is_some_and(|code| pair_code::read(code).is_some());
    let named = (!adds).then(|| {
        el("div")
            .with(field::short("name", words::NAME))
            .with(soft(words::NAME_WHY))
    });
    let form = el("form")
        .attr("id", FORM_ID)
        .attr("autocomplete", "off")
        .attr("method", "post")
        .attr("action", "/join")
        .with(field::short("code", words::CODE))
        .with(soft(if adds {
            phone_words::JOIN_WHOSE
        } else {
            words::CODE_WHY
        }))
        .when(named)
        .with(
            el("div")
                .attr("role", "alert")
                .when(problem.map(|problem| p(problem).class("card outline"))),
        )
        .with(
            el("button")
                .attr("type", "submit")
                .class("button main")
                .with(words::JOIN),
        )
        .on("submit", move |event| submitted(ui, &event, ask, joined));
    el("div")
        .class("page")
        .with(main_heading(if adds {
            phone_words::JOIN_ADD
        } else {
            words::HEADING
        }))
        .with(p(if adds {
            phone_words::JOIN_ADD_UNDER
        } else {
            words::LOOK_AROUND
        }))
        .with(form.filled(&typed))
        .with(p(words::AGE))
        .with(
            card()
                .with(heading(words::WHAT_WE_KEEP))
                .with(p(words::KEEP_ONE))
                .with(p(words::KEEP_TWO))
                .with(p(words::KEEP_THREE))
                .with(link("/notice", words::FULL_NOTICE)),
        )
}

/// Somebody has joined here: the next person begins when they have left. Someone whose session is gone
/// may join again.
fn someone_is_here(ui: Ui) -> Option<El> {
    let status = ui.local.status.get();
    let may_join = matches!(status.link, Link::SignInNeeded | Link::OtherMember);
    if status.member.is_none() || may_join {
        return None;
    }
    let who = match &status.name {
        Some(name) => crate::lang::en::my_phone::JOINED.fill(&[("name", name)]),
        None => crate::lang::en::my_phone::JOINED_NO_NAME.get().to_owned(),
    };
    Some(
        el("div")
            .class("page")
            .with(main_heading(words::HEADING))
            .with(p(who))
            .with(p(phone_words::JOIN_LEAVE_FIRST))
            .with(second_link(
                "/my-phone/leave",
                crate::lang::en::leave::TITLE,
            ))
            .with(second_link("/", crate::lang::en::check_in::TO_TODAY)),
    )
}

fn submitted(ui: Ui, event: &Event, ask: RwSignal<Option<String>>, joined: RwSignal<bool>) {
    event.prevent_default();
    let (Some(form), Some(phone)) = (form_of(event), ui.local.phone()) else {
        return;
    };
    let fields = Fields::of(&form, &FIELDS);
    let Some(code) = fields.get("code") else {
        ask.set(Some(words::CODE_NEEDED.get().to_owned()));
        return;
    };
    let name = text::tidy(fields.get("name"));
    run(async move {
        match phone.join(code, name).await {
            Ok(()) => {
                joined.set(true);
                soon(focus_heading);
            }
            Err(Problem::NoSignal) => ask.set(Some(words::NO_SIGNAL.get().to_owned())),
            Err(Problem::Refused(why)) => ask.set(Some(why)),
            Err(problem) => ui.say(problem),
        }
    });
}

fn done(ui: Ui) -> El {
    let status = ui.local.status.get();
    let greeting = match &status.name {
        Some(name) => main_heading(words::JOINED_NAME.fill(&[("name", name)])),
        None => main_heading(words::JOINED),
    };
    let mine = (status.before_joining > 0)
        .then(|| second_link("/my-phone", crate::lang::en::today::MINE_LOOK));
    el("div")
        .class("page")
        .with(greeting)
        .with(p(words::JOINED_UNDER))
        .when(mine)
        .with(main_link("/", crate::lang::en::check_in::TO_TODAY))
        .with(second_link(
            "/take-part",
            crate::lang::en::take_part::SEE_ALL,
        ))
}
