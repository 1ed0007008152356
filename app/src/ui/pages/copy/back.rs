//! Bringing a copy back: the file is read, what is in it is said, and only then is anything added.

use super::{counted, many, owner};
use crate::{
    copy::{
        restore::{self, Plan},
        schema::{Copy, HowFar, NoCopy},
    },
    lang::{Text, en::copy as words},
    ui::{
        Ui,
        el::{El, el},
        local::{Phone, Problem},
        pages::pin::secret,
        parts::{
            act::run,
            button, card,
            form::{Fields, form_of},
            heading, p, second_link, soft,
        },
    },
};
use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys::HtmlInputElement};
use std::{rc::Rc, sync::Arc};

/// The name of the field with the file.
const FILE: &str = "copy";

/// Where the person is.
#[derive(Clone)]
pub(super) enum Step {
    /// Nothing was picked, or what was picked is no copy that can be read: then it is said why.
    Pick,
    /// Something is said, and another file may be picked.
    Says(Text),
    /// It is being read.
    Moment,
    /// It has a passphrase; none or a wrong one was given.
    Sealed(bool),
    /// It was read: the copy, and what of it this phone does not hold.
    Found(Arc<(Copy, Plan)>),
    /// It is back.
    Done,
}

impl Step {
    /// Whether this part has the one main button of the screen.
    pub(super) fn is_main(&self) -> bool {
        matches!(self, Self::Sealed(_) | Self::Found(_))
    }
}

/// The part of the screen.
pub(super) fn part(ui: Ui, step: RwSignal<Step>) -> El {
    let input = el("input")
        .attr("type", "file")
        .attr("name", FILE)
        .on("click", |event| {
            // Picking the same file once more is to be heard too.
            let target = event.target();
            let field = target.and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if let Some(field) = field {
                field.set_value("");
            }
        })
        .on("change", move |_| read(ui, step, String::new()));
    let shown = match step.get() {
        Step::Pick => el("div").key("pick"),
        Step::Says(words) => card().class("card outline").key("says").with(p(words)),
        Step::Moment => el("div").key("moment").with(p(words::MOMENT)),
        Step::Sealed(wrong) => sealed(ui, step, wrong),
        Step::Found(found) => is_found(ui, step, &found.0, &found.1),
        Step::Done => card()
            .key("done")
            .with(p(words::IS_BACK))
            .with(second_link("/check-ins", crate::lang::en::check_ins::TITLE)),
    };
    el("div")
        .key("back")
        .class("group")
        .with(heading(words::BACK))
        .with(p(words::BACK_WHAT))
        .with(
            el("label")
                .class("field")
                .with(el("span").class("label").with(words::PICK))
                .with(input),
        )
        .with(el("div").attr("role", "status").class("group").with(shown))
}

fn sealed(ui: Ui, step: RwSignal<Step>, wrong: bool) -> El {
    el("form")
        .key("sealed")
        .attr("method", "dialog")
        .attr("autocomplete", "off")
        .with(p(words::SEALED))
        .with(secret("its_passphrase", words::ITS_PASSPHRASE, false))
        .when(wrong.then(|| p(words::WRONG).class("card outline")))
        .with(
            el("button")
                .attr("type", "submit")
                .class("button main")
                .with(words::OPEN),
        )
        .on("submit", move |event| {
            event.prevent_default();
            let Some(form) = form_of(&event) else { return };
            let typed = Fields::of(&form, &["its_passphrase"]).get("its_passphrase");
            match typed {
                Some(passphrase) => read(ui, step, passphrase),
                None => step.set(Step::Sealed(true)),
            }
        })
}

/// Reads the file that was picked.
fn read(ui: Ui, step: RwSignal<Step>, passphrase: String) {
    let Some(phone) = ui.local.phone() else {
        return;
    };
    step.set(Step::Moment);
    run(async move {
        let next = match found(ui, &phone, passphrase).await {
            Ok(next) => next,
            Err(problem) => {
                ui.say(problem);
                Step::Pick
            }
        };
        drop(step.try_set(next));
    });
}

async fn found(ui: Ui, phone: &Rc<dyn Phone>, passphrase: String) -> Result<Step, Problem> {
    let given = !passphrase.is_empty();
    let read = phone
        .aside("copy.read", vec![FILE.to_owned(), passphrase])
        .await?;
    let text = match read.first().map(String::as_str) {
        Some("text") => read.get(1).map_or("", String::as_str),
        Some("sealed") => return Ok(Step::Sealed(given)),
        Some("wrong") => return Ok(Step::Sealed(true)),
        Some("large") => return Ok(Step::Says(words::LARGE)),
        Some("none") => return Ok(Step::Says(words::NONE)),
        _ => return Ok(Step::Says(words::OTHER)),
    };
    Ok(match Copy::parse(text) {
        Ok(copy) => {
            let plan = plan(ui, &**phone, &copy).await?;
            Step::Found(Arc::new((copy, plan)))
        }
        Err(NoCopy::Newer) => Step::Says(words::NEWER),
        Err(NoCopy::Unreadable) => Step::Says(words::OTHER),
    })
}

async fn plan(ui: Ui, phone: &dyn Phone, copy: &Copy) -> Result<Plan, Problem> {
    let rows = phone.rows().await?;
    let owner = ui.local.status.with_untracked(owner);
    let parse = |at: &str| phone.parse_time(at);
    Ok(restore::plan(copy, &rows, owner, &parse))
}

/// What is in it, and what of that comes back.
fn is_found(ui: Ui, step: RwSignal<Step>, copy: &Copy, plan: &Plan) -> El {
    let time = ui.say_time(&copy.made_at);
    let made = match &copy.name {
        Some(name) => words::MADE_BY.fill(&[("name", name), ("time", &time)]),
        None => words::MADE.fill(&[("time", &time)]),
    };
    let team = copy.team.as_ref();
    let lines = counted(copy).into_iter().map(|line| el("li").with(line));
    let back = plan.private.len() + plan.drafts.len();
    let back_words = many(back, words::BACK_ONE, words::BACK_MANY);
    let here = many(plan.here, words::HERE_ONE, words::HERE_MANY);
    // One that waited to be sent does come back, to be sent by hand.
    let sent = copy.sign_ups.iter();
    let sent = sent.filter(|one| one.how_far != HowFar::NotYet);
    let sign_ups = many(
        sent.count(),
        words::NO_SIGN_UPS_ONE,
        words::NO_SIGN_UPS_MANY,
    );
    card()
        .key("found")
        .with(el("h3").with(words::FOUND))
        .with(p(made))
        .when(team.map(|team| soft(words::OF_TEAM.fill(&[("team", team)]))))
        .with(el("ul").class("points").each(lines))
        .when(sign_ups.map(soft))
        .when((copy.groups.iter().any(|one| !one.wrote.is_empty())).then(|| soft(words::NO_GROUPS)))
        .when((copy.suggestions.len() + copy.comments.len() > 0).then(|| soft(words::NO_WORDS)))
        .when((!copy.experiences.is_empty()).then(|| soft(words::NO_EXPERIENCES)))
        .when((copy.peer_asks.len() + copy.peer_messages.len() > 0).then(|| soft(words::NO_PEERS)))
        .when((!copy.waiting.is_empty()).then(|| soft(words::NOT_SENT)))
        .when(here.filter(|_| back > 0).map(soft))
        .when(back_words.map(p))
        .with(if back == 0 {
            p(words::ALL_HERE).key("all-here")
        } else {
            offer(ui, step)
        })
}

fn offer(ui: Ui, step: RwSignal<Step>) -> El {
    el("div")
        .key("offer")
        .class("group")
        .with(soft(words::ONLY_YOU))
        .with(button(words::BRING, move || bring(ui, step)).class("button main"))
        .with(button(words::NOT_NOW, move || step.set(Step::Pick)))
}

/// Adds what is not here, as things stand now.
fn bring(ui: Ui, step: RwSignal<Step>) {
    let (Step::Found(found), Some(phone)) = (step.get_untracked(), ui.local.phone()) else {
        return;
    };
    step.set(Step::Moment);
    run(async move {
        let added = async {
            let plan = plan(ui, &*phone, &found.0).await?;
            phone.add(plan.owner, plan.private, plan.drafts).await
        };
        let next = match added.await {
            Ok(()) => {
                ui.trouble.set(None);
                Step::Done
            }
            Err(problem) => {
                ui.say(problem);
                Step::Found(Arc::clone(&found))
            }
        };
        drop(step.try_set(next));
    });
}
