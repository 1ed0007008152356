//! Lines of the plan in Help now: which the person picked, and how they show there without the PIN. They alone
//! are copied to a place outside its seal (`frontend/static/plan.js`, decision 014).

use super::{
    Screen, View,
    form::{back_to_all, calls},
    read,
};
use crate::{
    domain::{
        my_plan::{Line, MyPlan, Pick},
        record::kind,
    },
    lang::en::my_plan as words,
    ui::{
        Ui,
        el::{El, el},
        local::{Phone, Problem},
        parts::{act::run, card, heading, icon, link, p, page as screen, quiet_button, soft},
    },
};
use leptos::prelude::*;
use std::rc::Rc;

impl Screen {
    /// Which lines show in Help now.
    pub(super) fn lines(self) -> El {
        let plan = self.now();
        let lines = plan.lines();
        let none = lines.is_empty().then(|| card().with(p(words::LINES_NONE)));
        let choices = lines.into_iter().map(|line| {
            let is_on = plan.picks.contains(&line.pick);
            let Line { pick, words, .. } = line;
            let pressed = if is_on { "true" } else { "false" };
            let key = [&pick.of, "/", &words].concat();
            el("li").key(key).class("group").with(
                el("button")
                    .attr("type", "button")
                    .class("choice")
                    .attr("aria-pressed", pressed)
                    .when(is_on.then(|| icon::icon(icon::TICK)))
                    .with(el("span").with(words))
                    .on("click", move |_| {
                        self.press(|plan| plan.pick(&pick, !is_on))
                    }),
            )
        });
        screen(words::LINES)
            .with(p(words::LINES_INTRO))
            .with(soft(words::LINES_OPEN))
            .when(self.lost(&plan))
            .when(none)
            .with(el("ul").class("group").each(choices))
            .with(back_to_all())
    }

    /// A line that was picked is not there any more: it is said, for the person may count on it.
    pub(super) fn lost(self, plan: &MyPlan) -> Option<El> {
        let first: &Pick = plan.lost().into_iter().find(|pick| !pick.line.is_empty())?;
        let said = words::LINES_LOST.fill(&[("line", &first.line)]);
        Some(
            card()
                .key("lost")
                .class("card outline")
                .with(p(said))
                .with(link(View::Lines.fragment(), words::LINES_AGAIN))
                .with(quiet_button(words::LINES_FINE, move || {
                    self.press(MyPlan::forget_lost);
                })),
        )
    }
}

/// Says what shows in Help now, now that the plan is this.
pub(super) fn show(ui: Ui, plan: &MyPlan) {
    let Some(phone) = ui.local.phone() else {
        return;
    };
    let shown = phone.aside("plan.show", said(ui, plan));
    run(async move {
        // What could not be written now is written at the next change, or when Chorus opens.
        let _ = shown.await;
    });
}

/// Something has changed: what shows in Help now is what the plan says, and nothing of anybody else's.
pub(crate) fn follow(ui: Ui) {
    let locked = ui.local.status.with_untracked(|status| status.pin.locked);
    // What is sealed cannot be read while locked: it would look as if there was nothing.
    let Some(phone) = ui.local.phone().filter(|_| !locked) else {
        return;
    };
    run(async move {
        // What cannot be said now is said after the next change.
        let _ = say(ui, phone).await;
    });
}

async fn say(ui: Ui, phone: Rc<dyn Phone>) -> Result<(), Problem> {
    let seen = ui.local.changed.get_untracked();
    let owner = owner(ui);
    let rows = read(&phone.own(kind::PLAN).await?);
    let plan = rows.into_iter().next().unwrap_or_default();
    let locked = ui.local.status.with_untracked(|status| status.pin.locked);
    // What changed meanwhile is followed in its turn.
    if seen == ui.local.changed.get_untracked() && owner == self::owner(ui) && !locked {
        let wrote = phone.aside("plan.show", said(ui, &plan)).await?;
        if !wrote.is_empty() {
            // Help now may be what is on the screen.
            ui.local.changed.update(|count| *count += 1);
        }
    }
    Ok(())
}

/// Whose it is, and each line with its number.
fn said(ui: Ui, plan: &MyPlan) -> Vec<String> {
    let mut said = vec![owner(ui)];
    for line in plan.shown() {
        said.extend([line.words, line.number]);
    }
    said
}

fn owner(ui: Ui) -> String {
    let member = ui.local.status.with_untracked(|status| status.member);
    member.map_or_else(|| "local".to_owned(), |member| member.to_string())
}

/// The lines as Help now shows them: none until the phone has said, and below all else, so that nothing there moves.
pub(crate) fn in_help_now(shown: &[String]) -> El {
    if shown.is_empty() {
        return el("div").key("none");
    }
    let lines = shown.chunks(2).map(|line| {
        let number = line.get(1).filter(|number| !number.is_empty());
        let words = line.first().cloned().unwrap_or_default();
        el("li")
            .class("card line")
            .with(el("div").with(p(words.clone())))
            .when(number.map(|number| calls(&words, Some(number))))
    });
    el("section")
        .key("some")
        .class("group")
        .with(heading(words::IN_HELP))
        .with(el("ul").class("lines").each(lines))
}
