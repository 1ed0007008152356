//! How the page of one experience looks.

use super::{Said, Whole};
use crate::http::staff::{
    care::thread,
    changes::{called, state_name},
    desk::Desk,
    experiences::{stage_name, whole::Alone},
    parts,
};
use app::{
    domain::{
        care::{CareState, is_answered},
        experience::{Experience, LinkState, MayUse, UsedIn},
        text,
    },
    lang::{
        Text,
        en::{desk as desk_words, experiences as words},
    },
};
use maud::{Markup, html};
use uuid::Uuid;

/// The page.
pub(super) fn page(desk: &Desk, whole: &Whole, told: &Said) -> Markup {
    html! {
        p.back { a href="/staff/experiences" { (words::ALL.get()) } }
        (head(desk, whole))
        @if let Some(done) = &told.done { p.notice role="status" { (done) } }
        @if let Some(problem) = &told.problem { p.problem role="alert" { (problem) } }
        (what_they_said(desk, whole))
        (who_has_it(desk, whole))
        (talk(desk, whole))
        (came_to(desk, whole))
        (changes(whole))
        (tags(whole, &told.tag))
        (story(whole))
        @if let Some(alone) = &whole.alone { (about(whole, alone)) (hand_on(whole, alone)) }
        (ends(desk, whole))
        p.soft {
            @if let Some(by) = &whole.row.record.seen_by {
                (words::TOLD_WHO.fill(&[("who", whole.they()), ("by", by)])) " "
            }
            @if whole.alone.is_some() {
                (words::READING_IS_WRITTEN_ALONE.get()) " " (words::WORRY_ALONE.get())
            } @else {
                (words::READING_IS_WRITTEN.get())
            }
        }
    }
}

fn head(desk: &Desk, whole: &Whole) -> Markup {
    let sent = desk.clock.say_inside(whole.row.received_at);
    html! {
        div {
            h1 { (parts::who(whole.who.as_deref())) }
            @if let Some(team) = &whole.team {
                p.soft { (desk_words::SHARED_WITH.fill(&[("team", team), ("when", &sent)])) }
            } @else {
                p.soft { (desk.clock.say(whole.row.received_at)) }
                p.notice { strong { (words::YOURS_ALONE.get()) ". " } (words::INDEPENDENT_WHY.fill(&[("who", whole.they())])) }
            }
        }
    }
}

fn what_they_said(desk: &Desk, whole: &Whole) -> Markup {
    let it = &whole.row.record;
    let texts = [
        (words::GOOD, &it.good),
        (words::DIFFERENT, &it.different),
        (words::WHEN_ABOUT, &it.when_about),
    ];
    html! {
        section.card aria-labelledby="said" {
            h2 id="said" { (words::SAID.fill(&[("who", whole.they())])) }
            p { strong { (stage_name(it.stage).get()) } }
            @for (heading, text) in texts {
                @if let Some(text) = text {
                    h3 { (heading.get()) }
                    p dir="auto" { (parts::said(text)) }
                }
            }
            h3 { (words::USE.get()) }
            p { strong { bdi { (may_use(it)) } } }
            p.soft { (words::USE_CAN_CHANGE.get()) }
            @if !it.used.is_empty() {
                h3 { (words::USED.get()) }
                ul {
                    @for used in &it.used {
                        li { (used_in(used.kind).fill(&[("when", &desk.clock.say_text(&used.at))])) }
                    }
                }
            }
        }
    }
}

/// How it may be used, for those who might.
fn may_use(it: &Experience) -> String {
    let text = match (it.may_use, &it.name) {
        (Some(MayUse::PublicNamed), Some(name)) => {
            return words::USE_PUBLIC_NAMED.fill(&[("name", name)]);
        }
        (Some(MayUse::PublicNamed), None) => words::USE_PUBLIC_NAMED_NONE,
        (Some(MayUse::PublicUnnamed), _) => words::USE_PUBLIC_UNNAMED,
        (Some(MayUse::TrainingUnnamed), _) => words::USE_TRAINING_UNNAMED,
        (Some(MayUse::OnlyImprove) | None, _) => words::USE_ONLY_IMPROVE,
    };
    text.get().to_owned()
}

fn used_in(kind: UsedIn) -> Text {
    match kind {
        UsedIn::ImpactReport => words::USED_IMPACT_REPORT,
        UsedIn::Handout => words::USED_HANDOUT,
        UsedIn::Training => words::USED_TRAINING,
    }
}

/// A form of one button.
fn press(whole: &Whole, step: &str, class: &str, label: &str) -> Markup {
    html! {
        form method="post" action=(whole.path()) {
            button class=(class) name="step" value=(step) { (label) }
        }
    }
}

fn who_has_it(desk: &Desk, whole: &Whole) -> Markup {
    let mine = whole.row.owner == Some(desk.staff.id);
    let is_closed = whole.row.record.state == CareState::Closed;
    html! {
        section.card aria-labelledby="has-it" {
            h2 id="has-it" { (words::WHO.get()) }
            p {
                strong {
                    @match &whole.row.record.taken_on_by {
                        Some(_) if mine => (desk_words::CARE_YOU.get()),
                        Some(name) => (name),
                        None => (desk_words::NOBODY_YET.get()),
                    }
                }
            }
            @if !mine && !is_closed { (press(whole, "take_on", "", desk_words::CARE_TAKE_ON.get())) }
        }
    }
}

fn talk(desk: &Desk, whole: &Whole) -> Markup {
    let gaps = [("who", whole.they())];
    let messages = &whole.row.record.messages;
    html! {
        section.card aria-labelledby="talk" {
            h2 id="talk" { (words::TALK.fill(&gaps)) }
            @if !messages.is_empty() { (thread(desk, messages, whole.they())) }
            @if whole.row.record.may_be_written_to() {
                form.stack method="post" action={ (whole.path()) "/reply" } {
                    input type="hidden" name="id" value=(Uuid::now_v7());
                    div.field {
                        label for="words" { (desk_words::WORDS_FOR.fill(&gaps)) }
                        p.soft id="words-hint" { (desk_words::WORDS_HINT.fill(&gaps)) }
                        textarea id="words" name="message" required maxlength=(text::LONG) aria-describedby="words-hint" {}
                    }
                    button name="step" value="preview" { (desk_words::SEE_FIRST.fill(&gaps)) }
                }
            } @else {
                p { (words::NOT_WRITTEN_TO.fill(&gaps)) }
            }
        }
    }
}

/// How it begins, on the phone.
pub(super) fn told(state: LinkState) -> Text {
    match state {
        LinkState::Planned => words::TOLD_PLANNED,
        LinkState::Made => words::TOLD_MADE,
        LinkState::NotPossible => words::TOLD_NOT_POSSIBLE,
    }
}

fn came_to(desk: &Desk, whole: &Whole) -> Markup {
    let link = whole.row.record.link.as_ref();
    html! {
        section.card aria-labelledby="came-to" {
            h2 id="came-to" { (words::CAME_TO.get()) }
            @if let Some(link) = link {
                p { strong { (told(link.state).get()) } }
                p dir="auto" { (parts::said(&link.words)) }
                @if let Some(change) = link.change {
                    p { a href={ "/staff/changes/" (change) } { (words::TOLD_CHANGE.get()) } }
                }
                p.soft { (words::TOLD_AT.fill(&[("when", &desk.clock.say_text(&link.at))])) }
            } @else {
                p { (words::CAME_TO_NONE.get()) }
            }
            (came_to_form(whole, "", ""))
        }
    }
}

/// Where it stands, and the words for it.
pub(super) fn came_to_form(whole: &Whole, state: &str, message: &str) -> Markup {
    let gaps = [("who", whole.they())];
    let states = [
        (LinkState::Planned, words::CAME_TO_PLANNED),
        (LinkState::Made, words::CAME_TO_MADE),
        (LinkState::NotPossible, words::CAME_TO_NOT_POSSIBLE),
    ];
    html! {
        form.stack method="post" action={ (whole.path()) "/came-to" } {
            p.soft { (words::CAME_TO_WHY.fill(&gaps)) }
            fieldset {
                legend { (words::CAME_TO_WHAT.get()) }
                @for (one, name) in states {
                    label.choice {
                        input type="radio" name="state" value=(one.word()) required checked[one.word() == state];
                        span { (name.get()) }
                    }
                }
            }
            div.field {
                label for="came-to-words" { (words::CAME_TO_WORDS.fill(&gaps)) }
                p.soft id="came-to-hint" { (words::CAME_TO_WORDS_HINT.get()) }
                textarea.low id="came-to-words" name="message" required maxlength=(text::LONG) aria-describedby="came-to-hint" {
                    @if message.starts_with('\n') { "\n" }
                    (message)
                }
            }
            button.plain name="step" value="preview" { (words::CAME_TO_SEE.fill(&gaps)) }
        }
    }
}

fn changes(whole: &Whole) -> Markup {
    let is_public =
        whole.alone.is_none() && whole.row.record.may_use.is_some_and(MayUse::is_public);
    let begins = if is_public {
        words::CHANGE_BEGIN_PUBLIC
    } else {
        words::CHANGE_BEGIN_PRIVATE
    };
    html! {
        section.card aria-labelledby="changes" {
            h2 id="changes" { (words::CHANGES.get()) }
            p.soft { (words::CHANGES_WHY.fill(&[("who", whole.they())])) }
            @if whole.linked.is_empty() { p { (words::CHANGES_NONE.get()) } }
            @for one in &whole.linked {
                @let said = called(&one.you_said);
                div {
                    p { a href={ "/staff/changes/" (one.id) } { bdi { (said) } } " " span.soft { (state_name(one.state).get()) } }
                    form method="post" action=(whole.path()) {
                        input type="hidden" name="change" value=(one.id);
                        button.quiet name="step" value="unlink" { (words::CHANGE_UNLINK.fill(&[("said", &said)])) }
                    }
                }
            }
            p.soft { (begins.get()) }
            (press(whole, "begin", "plain", words::CHANGE_BEGIN.get()))
            @if !whole.offered.is_empty() {
                form.stack method="post" action=(whole.path()) {
                    div.field {
                        label for="change" { (words::CHANGE_LINK.get()) }
                        select id="change" name="change" required {
                            @for (id, said) in &whole.offered { option value=(id) { (called(said)) } }
                        }
                    }
                    button.plain name="step" value="link" { (words::CHANGE_LINK_DO.get()) }
                }
            }
        }
    }
}

fn tags(whole: &Whole, typed: &str) -> Markup {
    let why = match whole.alone {
        Some(_) => words::TAGS_WHY_ALONE,
        None => words::TAGS_WHY,
    };
    html! {
        section.card aria-labelledby="tags" {
            h2 id="tags" { (words::TAGS.get()) }
            p.soft { (why.get()) }
            @for tag in &whole.tags {
                form.row method="post" action=(whole.path()) {
                    input type="hidden" name="tag" value=(tag);
                    span.mark { bdi { (tag) } }
                    button.quiet name="step" value="untag" { (words::TAG_REMOVE.fill(&[("tag", tag)])) }
                }
            }
            form.stack method="post" action=(whole.path()) {
                div.field {
                    label for="tag" { (words::TAG_ADD.get()) }
                    input id="tag" name="tag" list="known-tags" required maxlength="80" autocomplete="off" value=(typed);
                    datalist id="known-tags" {
                        @for tag in offered(whole) { option value=(tag) {} }
                    }
                }
                button.plain name="step" value="tag" { (words::TAG_ADD_DO.get()) }
            }
        }
    }
}

/// What it may touch: what others do, and some words to start from.
fn offered(whole: &Whole) -> Vec<&str> {
    let known = whole.known_tags.iter().map(String::as_str);
    let start = words::TAGS_START.get().split(';').map(str::trim);
    let mut all: Vec<&str> = known.chain(start).collect();
    all.retain(|tag| !whole.tags.iter().any(|own| own == tag));
    all.sort_unstable();
    all.dedup();
    all
}

fn story(whole: &Whole) -> Markup {
    let may = whole.alone.is_none() && whole.row.record.may_use.is_some_and(MayUse::is_public);
    let (open, is_there) = match whole.story {
        Some(_) => (words::STORY_SEE, true),
        None => (words::STORY_OPEN, false),
    };
    html! {
        @if may || is_there {
            section.card aria-labelledby="story" {
                h2 id="story" { (words::STORY.get()) }
                @if may { p { (words::STORY_WHY.fill(&[("who", whole.they())])) } }
                p { a.button.plain href={ (whole.path()) "/story" } { (open.get()) } }
            }
        }
    }
}

fn about(whole: &Whole, alone: &Alone) -> Markup {
    html! {
        section.card aria-labelledby="about" {
            h2 id="about" { (words::ABOUT_WHO.get()) }
            p { (words::ABOUT_WHY.get()) }
            @if alone.about.is_empty() { p { (words::ABOUT_NONE.get()) } }
            @if !alone.about.is_empty() {
                ul { @for (_, name) in &alone.about { li { (name) } } }
            }
            @if !alone.colleagues.is_empty() {
                form.stack method="post" action=(whole.path()) {
                    div.field {
                        label for="staff" { (words::ABOUT_NAME.get()) }
                        select id="staff" name="staff" required {
                            option value="" {}
                            @for (id, name, email) in &alone.colleagues { option value=(id) { (name) " (" (email) ")" } }
                        }
                    }
                    button.plain name="step" value="about" { (words::ABOUT_DO.get()) }
                }
            }
        }
    }
}

fn hand_on(whole: &Whole, alone: &Alone) -> Markup {
    html! {
        section.card aria-labelledby="hand-on" {
            h2 id="hand-on" { (words::HAND_ON.get()) }
            @if alone.others.is_empty() {
                p { (words::HAND_ON_NOBODY.get()) }
            } @else {
                p { (words::HAND_ON_WHY.fill(&[("who", whole.they())])) }
                form.stack method="post" action=(whole.path()) {
                    div.field {
                        label for="to" { (words::HAND_ON_TO.get()) }
                        select id="to" name="to" required {
                            @for one in &alone.others {
                                option value=(one.shown.id) { (one.shown.name) ", " (one.shown.role) }
                            }
                        }
                    }
                    label.tick {
                        input type="checkbox" name="me" value="yes";
                        span { (words::HAND_ON_ME.get()) }
                    }
                    button.plain name="step" value="hand_on" { (words::HAND_ON_DO.get()) }
                }
            }
        }
    }
}

fn ends(desk: &Desk, whole: &Whole) -> Markup {
    let it = &whole.row.record;
    let waits = it.may_reply && !is_answered(&it.messages);
    html! {
        section.card aria-labelledby="ends" {
            h2 id="ends" { (words::ENDS.get()) }
            @if let Some(at) = &it.closed_at {
                p { (words::CLOSED_AT.fill(&[("when", &desk.clock.say_text(at))])) }
            } @else if waits {
                p { (words::UNANSWERED.fill(&[("who", whole.they())])) }
            } @else {
                form method="post" action=(whole.path()) {
                    input type="hidden" name="read" value=(it.messages.len());
                    button.plain name="step" value="close" { (words::CLOSE.get()) }
                }
            }
        }
    }
}
