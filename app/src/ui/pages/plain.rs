//! The newer kinds of command in words, for My phone and for copies: what each is called, what was typed in it, and
//! where it can be changed. Here each kind has its line, which calls its own screen.

use super::{
    experience as told,
    group::{self, Groups},
    peer, words as our_words,
};
use crate::{
    domain::{
        experience,
        group::{GroupAct, InGroup},
        peer::{Does, word as of_peers},
        plain::Plain,
        shared_plan::{self, Content, SharePlan},
        words::suggestion::{Says, act},
    },
    lang::{
        Text,
        en::{experience as told_words, in_group, my_phone as words, state},
    },
    ui::parts::form::Fields,
};

/// What it is called; it may have a gap for the `{group}`.
pub(super) fn name(kind: &str) -> Text {
    match kind {
        "plan.share" => words::A_PLAN,
        "plan.withdraw" => words::A_PLAN_BACK,
        act::SEND => words::A_SUGGESTION,
        act::WITHDRAW => words::A_SUGGESTION_BACK,
        act::SUPPORT => words::A_SUPPORT,
        act::UNSUPPORT => words::A_SUPPORT_BACK,
        act::COMMENT => words::A_COMMENT,
        act::TAKE_BACK => words::A_COMMENT_BACK,
        experience::act::SEND => told_words::TITLE,
        experience::act::USE => told_words::A_USE,
        experience::act::WITHDRAW => told_words::A_BACK,
        experience::act::ANSWER => told_words::AN_ANSWER,
        experience::act::TAKE_BACK => told_words::AN_ANSWER_BACK,
        experience::act::APPROVE => told_words::A_YES,
        experience::act::TAKE_DOWN => told_words::A_DOWN,
        of_peers::ASK => words::A_PEER_ASK,
        of_peers::WITHDRAW => words::A_PEER_ASK_BACK,
        of_peers::KEEP_LOOKING => words::A_PEER_ON,
        of_peers::YES => words::A_PEER_YES,
        of_peers::NOT_THIS_TIME => words::A_PEER_NOT,
        of_peers::END => words::A_PEER_END,
        of_peers::LOOK => words::A_PEER_LOOK,
        of_peers::WRITE => words::A_PEER_WORDS,
        of_peers::TAKE_BACK => words::A_PEER_WORDS_BACK,
        of_peers::WORRY => words::A_WORRY,
        of_peers::AGREE => words::A_PEER_AGREE,
        of_peers::ABOUT => words::A_PEER_ABOUT,
        of_peers::PAUSE => words::A_PEER_PAUSE,
        other => GroupAct::of_word(other).map_or(words::SOMETHING_NEWER, act_name),
    }
}

/// What it is called here, with its gap filled.
pub(super) fn full_name(it: &Plain, groups: Groups) -> String {
    let group = InGroup::of(it).map(|it| groups.title(it.group));
    name(it.act.word).fill(&[("group", &group.unwrap_or_default())])
}

/// That what it takes back is being taken back, in words; none where it takes back no words.
pub(super) fn taking_back(it: &Plain) -> Option<Text> {
    if shared_plan::taken_back(it).is_some() {
        return Some(state::UNSHARING);
    }
    if matches!(
        it.act.word,
        act::WITHDRAW
            | act::TAKE_BACK
            | experience::act::WITHDRAW
            | experience::act::TAKE_BACK
            | of_peers::WITHDRAW
            | of_peers::TAKE_BACK
    ) {
        return Some(in_group::TAKING_BACK);
    }
    let of_group = InGroup::of(it)?;
    (of_group.act == GroupAct::TakeBack).then_some(in_group::TAKING_BACK)
}

/// What was typed in it.
pub(super) fn typed(it: &Plain) -> Option<String> {
    let plan = SharePlan::of(it).map(|it| in_lines(&it.content));
    if plan.is_some() {
        return plan;
    }
    match experience::Says::of(it) {
        Some(experience::Says::Send(said)) => {
            let said = [said.good, said.different, said.when_about, said.name];
            return Some(said.into_iter().flatten().collect::<Vec<_>>().join("\n\n"));
        }
        Some(experience::Says::Answer(_, _, said)) => return Some(said),
        Some(experience::Says::Approve(_, _, name)) => return name,
        _ => {}
    }
    if let Some(said) = Does::of(it) {
        return said_to_peers(said);
    }
    match Says::of(it) {
        Some(Says::Send(said)) => {
            let said = [said.feels, said.instead, said.why];
            Some(said.into_iter().flatten().collect::<Vec<_>>().join("\n\n"))
        }
        Some(Says::Comment(_, _, said)) => Some(said),
        _ => InGroup::of(it)?.words,
    }
}

/// The form in which it can be changed and sent again: its draft's name, what stood in it, and where it is.
pub(super) fn again(it: &Plain) -> Option<(String, Fields, String)> {
    match experience::Says::of(it) {
        Some(experience::Says::Send(said)) => return Some(told::again(&said)),
        Some(experience::Says::Answer(id, _, said)) => {
            return Some(told::answer_again(id.0, &said));
        }
        _ => {}
    }
    match Does::of(it) {
        Some(Does::Ask(ask)) => return Some(peer::again(&ask)),
        Some(Does::Write {
            peer_match, words, ..
        }) => return Some(peer::write_again(peer_match, &words)),
        Some(Does::Worry { words, .. }) => return Some(peer::worry_again(&words)),
        _ => {}
    }
    match Says::of(it) {
        Some(Says::Send(said)) => Some(our_words::again(&said)),
        Some(Says::Comment(id, _, said)) => Some(our_words::comment_again(id, &said)),
        _ => group::again(&InGroup::of(it)?),
    }
}

fn said_to_peers(it: Does) -> Option<String> {
    match it {
        Does::Ask(ask) => {
            let said = [ask.about, ask.suits, ask.not_with];
            Some(said.into_iter().flatten().collect::<Vec<_>>().join("\n\n"))
        }
        Does::Write { words, .. } | Does::Worry { words, .. } => Some(words),
        Does::About { about, .. } => about,
        _ => None,
    }
}

/// All that a shared plan says, a line each.
fn in_lines(said: &Content) -> String {
    let parts = said
        .parts
        .iter()
        .map(|one| [&one.heading, "\n", &one.words].concat());
    let people = said.people.iter();
    let people = people.map(|one| [&one.name, " ", &one.number, " ", &one.note].concat());
    parts.chain(people).collect::<Vec<_>>().join("\n")
}

fn act_name(act: GroupAct) -> Text {
    match act {
        GroupAct::Join => words::GROUP_JOIN,
        GroupAct::Leave => words::GROUP_LEAVE,
        GroupAct::Write => words::GROUP_WRITE,
        GroupAct::TakeBack => words::GROUP_TAKE_BACK,
        GroupAct::Report => words::GROUP_REPORT,
        GroupAct::Hide => words::GROUP_HIDE,
        GroupAct::Show => words::GROUP_SHOW,
        GroupAct::Looked => words::GROUP_LOOKED,
        GroupAct::Mute => words::GROUP_MUTE,
        GroupAct::Unmute => words::GROUP_UNMUTE,
    }
}
