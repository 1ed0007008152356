//! Join with a code. Looking around needs none; what is kept and why stands beside the question. From the poster of an
//! opportunity the way leads on to that: all of it is in the address, so it outlives a reload with no signal.

use crate::{
    domain::{pair_code, text},
    lang::en::{join as words, phones as phone_words},
    ui::{
        Ui,
        el::{El, el, live},
        local::{Link, Problem},
        navigation::{focus_heading, instead, soon},
        parts::{
            act::run,
            card, field,
            form::{Fields, fill, form_by_id, form_of},
            heading, link,
            load::{Programme, whenever},
            main_heading, main_link, p, second_link, soft,
        },
        route::on_poster,
    },
};
use leptos::{prelude::*, web_sys::Event};
use uuid::Uuid;

const FORM_ID: &str = "join";
const FIELDS: [&str; 2] = ["code", "name"];

/// What the address carries, and what is known of it.
#[derive(Clone)]
struct Came {
    /// The code that a link or a poster had.
    code: Option<String>,
    /// The end of the id of the opportunity that the poster is for.
    end: Option<String>,
    programme: Programme,
}

impl Came {
    fn read(ui: Ui, address: Option<String>) -> Self {
        let address = address.unwrap_or_default();
        let (code, end) = address.split_once('/').unwrap_or((&address, ""));
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        // A plain form that was not taken has lost its address, and kept this.
        let values = ui.local.page.with_value(|page| page.form_values.clone());
        let kept = Fields(values).get("to");
        Self {
            code: some(code),
            end: some(end).or(kept),
            programme: Programme::load(ui),
        }
    }

    /// The opportunity of the poster, with its title; none if it is none that members see.
    fn opportunity(&self) -> Option<(Uuid, String)> {
        let all = self.programme.opportunities();
        let id = on_poster(self.end.as_deref()?, all.iter().map(|(id, _)| *id))?;
        let (_, found) = all.into_iter().find(|(found, _)| *found == id)?;
        Some((id, found.title))
    }

    /// Where a person who has joined goes on to; none where no poster brought them, or nothing is known yet.
    fn leads_to(&self) -> Option<String> {
        self.end.as_ref()?;
        match self.opportunity() {
            Some((id, _)) => Some(["/take-part/", &id.to_string()].concat()),
            None if self.programme.opportunities().is_empty() => None,
            None => Some("/take-part".to_owned()),
        }
    }
}

/// The screen. `address` is what stands behind `/join/`: what a link or a poster carried.
pub(crate) fn page(ui: Ui, address: Option<String>) -> El {
    let ask = RwSignal::new(None::<String>);
    let joined = RwSignal::new(false);
    let came = Came::read(ui, address);
    let typed = came.code.clone();
    whenever(move || {
        // A code from the address is put in where none was typed.
        if let (true, Some(code), Some(form)) = (ui.open.get(), &typed, form_by_id(FORM_ID)) {
            fill(&form, &Fields(vec![("code".to_owned(), code.clone())]));
        }
    });
    let poster = came.clone();
    whenever(move || {
        let path = poster.leads_to().filter(|_| is_taken(ui));
        if let Some(path) = path {
            instead(ui, &path);
        }
    });
    el("div").with(live(move || {
        if is_taken(ui) && came.leads_to().is_some() {
            el("div").key("on")
        } else if joined.get() {
            done(ui).key("joined")
        } else if is_taken(ui) {
            someone(ui).key("someone")
        } else {
            question(ui, &came, ask, joined).key("question")
        }
    }))
}

fn question(ui: Ui, came: &Came, ask: RwSignal<Option<String>>, joined: RwSignal<bool>) -> El {
    let code = came.code.as_deref();
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
    let to = came.end.clone().map(|end| {
        el("input")
            .attr("type", "hidden")
            .attr("name", "to")
            .attr("value", end)
    });
    let form = el("form")
        .attr("id", FORM_ID)
        .attr("autocomplete", "off")
        .attr("method", "post")
        .attr("action", "/join")
        .when(to)
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
        .when(came.opportunity().map(|(id, title)| goes_on(id, &title)))
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

/// The opportunity that the way leads on to.
fn goes_on(id: Uuid, title: &str) -> El {
    card()
        .with(p(words::GOES_ON.fill(&[("title", title)])))
        .with(link(
            ["/take-part/", &id.to_string()].concat(),
            words::GOES_ON_LOOK,
        ))
}

/// Whether somebody has joined here: the next person begins when they have left. Someone whose session is gone
/// may join again.
fn is_taken(ui: Ui) -> bool {
    let status = ui.local.status.get();
    let may_join = matches!(status.link, Link::SignInNeeded | Link::OtherMember);
    status.member.is_some() && !may_join
}

/// Who has joined here.
fn someone(ui: Ui) -> El {
    let status = ui.local.status.get();
    let who = match &status.name {
        Some(name) => crate::lang::en::my_phone::JOINED.fill(&[("name", name)]),
        None => crate::lang::en::my_phone::JOINED_NO_NAME.get().to_owned(),
    };
    el("div")
        .class("page")
        .with(main_heading(words::HEADING))
        .with(p(who))
        .with(p(phone_words::JOIN_LEAVE_FIRST))
        .with(second_link(
            "/my-phone/leave",
            crate::lang::en::leave::TITLE,
        ))
        .with(second_link("/", crate::lang::en::check_in::TO_TODAY))
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
