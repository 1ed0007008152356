//! One question a page: the frame of each, and the answers to check at the end. All questions stand in one form, and the
//! address says which one shows, so that Back and a killed app lead to the same place.

use super::{heading, link, quiet_button, soft};
use crate::{
    lang::{
        Text,
        en::{frame, sign_up as words},
    },
    ui::{
        Ui,
        el::{El, el},
        navigation,
    },
};

/// Where a question stands among those that are asked.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// Its place, from 0.
    pub(crate) number: usize,
    /// How many questions there are.
    pub(crate) count: usize,
    /// The fragment of what comes after it; none for the last.
    pub(crate) next: Option<&'static str>,
}

/// One question with its fields. With a place it stands alone: it is counted, unless it is the last, which shows the
/// answers, and it has the way on and the way back.
pub(crate) fn step(ui: Ui, place: Option<Place>, question: El) -> El {
    let counted = place.filter(|place| place.number < place.count).map(|it| {
        let number = (it.number + 1).to_string();
        let counted = words::STEP.fill(&[("number", &number), ("count", &it.count.to_string())]);
        soft(counted).class("soft small")
    });
    let next = place
        .and_then(|place| place.next)
        .map(|next| way_on(ui, words::NEXT, next));
    let is_first = place.is_none_or(|place| place.number == 0);
    let back = (!is_first).then(|| quiet_button(frame::BACK, navigation::back));
    el("div")
        .class("step")
        .attr("tabindex", "-1")
        .when(counted)
        .with(question)
        .when(next)
        .when(back)
}

/// The button that leads to another question.
pub(crate) fn way_on(ui: Ui, label: Text, to: &'static str) -> El {
    el("button")
        .attr("type", "button")
        .class("button main")
        .with(label)
        .on("click", move |_| navigation::go(ui, to))
}

/// One of the answers, with the way to change it.
pub(crate) fn answered(question: Text, fragment: &'static str, answer: String) -> El {
    let named = words::CHANGE_WHAT.fill(&[("question", question.get())]);
    let change = link(fragment, words::CHANGE)
        .class("small")
        .attr("aria-label", named);
    el("div")
        .class("answer")
        .with(el("dt").with(question))
        .with(el("dd").with(answer))
        .with(el("dd").with(change))
}

/// All answers, to be checked.
pub(crate) fn check(answers: impl IntoIterator<Item = El>) -> El {
    el("div")
        .class("group")
        .with(heading(words::CHECK))
        .with(el("dl").class("card answers").each(answers))
        .with(soft(words::CHECK_UNDER))
}
