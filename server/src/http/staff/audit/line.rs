//! One line of the log in words: who, what, about whom.

use super::href_about;
use crate::{
    audit::Noted,
    calendars,
    commands::{enter, experience_desk::printed, safety},
    db::{
        audit::chain::{LET_GO, RESTORED},
        desk::audit::Line,
        leaving,
    },
    http::staff::{accounts, parts, sign_ups},
    join_codes,
    staff::{accounts::THE_SERVER, people},
};
use app::lang::en::{
    accounts as own_words, audit as words, board, changes, desk as desk_words, entering,
    experiences, groups, help_lines as lines, impact, independents, join_codes as codes, learning,
    peers, people as own, plans, programme as run, retention as keeping, words as our_words,
};
use maud::{Markup, html};
use uuid::Uuid;

/// Who did it. What nobody on the staff did, the person or Chorus did.
pub fn by(line: &Line) -> &str {
    match line.action.as_str() {
        leaving::LEFT | calendars::MADE | calendars::ENDED | safety::BY_PEER => {
            desk_words::THEMSELVES.get()
        }
        LET_GO => words::ITSELF.get(),
        _ if line.staff == THE_SERVER.to_string() => own_words::AT_THE_SERVER.get(),
        _ => parts::who(line.who.as_deref()),
    }
}

/// Whom a line is about; none if nobody, or if nothing is known of them any more.
pub fn whom(line: &Line) -> Option<&str> {
    line.member.as_ref()?;
    Some(parts::who(line.about.as_deref()))
}

/// What a line is about beside a person: what they signed up for, or what a thing is called.
pub fn what(line: &Line) -> Option<String> {
    let signed_up = line.title.as_deref();
    let signed_up = signed_up.map(|title| sign_ups::what(title, line.local_start.as_deref()));
    signed_up.or_else(|| line.thing.clone())
}

/// Whom a line is about, and what. A link where the reader may follow it: what it opens is one more
/// reading, and is written down as one.
pub fn about(line: &Line) -> Markup {
    let (whom, what) = (whom(line), what(line));
    let they = parts::they(line.about.as_deref());
    let opens = match (&line.sign_up, &what, &line.check_in, &line.member) {
        (Some(id), Some(what), ..) => Some((
            format!("/staff/sign-ups/{id}"),
            desk_words::OPEN_SIGN_UP.fill(&[("who", they), ("what", what)]),
        )),
        (.., Some(id), _) => Some((
            format!("/staff/check-ins/{id}"),
            desk_words::OPEN_CHECK_IN.fill(&[("who", they)]),
        )),
        _ if line.plan.is_some() => line.plan.as_ref().map(|id| {
            (
                format!("/staff/plans/{id}"),
                plans::OPEN.fill(&[("who", they)]),
            )
        }),
        _ if line.experience.is_some() => line.experience.as_ref().map(|id| {
            (
                format!("/staff/experiences/{id}"),
                experiences::OPEN_ONE_OF.fill(&[("who", they)]),
            )
        }),
        (.., Some(id)) if matches!(line.kind.as_str(), "member" | "device") => Some((
            format!("/staff/people/{id}"),
            own::OPEN_PERSON.fill(&[("who", they)]),
        )),
        _ => None,
    };
    html! {
        div {
            @match (opens, whom) {
                (Some((href, open)), Some(who)) => a href=(href) aria-label=(open) { (who) },
                (_, Some(who)) => (who),
                (_, None) if what.is_none() => "–",
                (_, None) => {},
            }
            @if let Some(what) = what { p.soft { (what) } }
            (more(line))
        }
    }
}

/// The way to all lines about the same person or thing.
fn more(line: &Line) -> Markup {
    let nothing = Uuid::nil().to_string();
    // A check-in's own number may be read by its team alone; a person's leads to all that is theirs.
    let id = match &line.member {
        Some(member) => member,
        None if line.thing.is_some() && line.subject != nothing => &line.subject,
        None => return html! {},
    };
    html! { p { a href=(href_about(id)) { (words::ALL_ABOUT.get()) } } }
}

/// What more a line says.
pub fn detail(line: &Line) -> Option<String> {
    let detail = line.detail.as_deref()?;
    let place = |text: app::lang::Text| {
        let noted: Noted = detail.parse().ok()?;
        let n = noted.n.to_string();
        Some(text.fill(&[("n", &n), ("mark", noted.begins.get(..16)?)]))
    };
    match line.action.as_str() {
        LET_GO => place(words::UP_TO),
        RESTORED => place(words::REPLACED),
        _ => Some(detail.to_owned()),
    }
}

/// A kind of thing in words; one that has none yet, by its name.
pub fn kind_said(kind: &str) -> &str {
    match kind {
        "sign_up" => desk_words::SIGN_UPS.get(),
        "check_in" => desk_words::CHECK_INS.get(),
        "plan" => plans::TITLE.get(),
        "experience" => experiences::TITLE.get(),
        printed::KIND => impact::TITLE.get(),
        "speaking_up" => independents::KIND_LINES.get(),
        "member" => own::TITLE.get(),
        "device" => words::KIND_DEVICE.get(),
        "team" => desk_words::TEAMS.get(),
        "staff" => words::KIND_STAFF.get(),
        "safety" => app::lang::en::safety::RECORDS.get(),
        "safety_settings" => app::lang::en::safety::SETTINGS.get(),
        "mail" => words::KIND_MAIL.get(),
        "retention" => words::KIND_RETENTION.get(),
        "help_line" => lines::TITLE.get(),
        join_codes::KIND => codes::TITLE.get(),
        "audit" => words::KIND_AUDIT.get(),
        "opportunity" | "session" => run::TITLE.get(),
        "group" => groups::TITLE.get(),
        "change" => changes::TITLE.get(),
        "document" => our_words::KIND_DOCUMENT.get(),
        "suggestion" => our_words::KIND_SUGGESTION.get(),
        "note" => learning::KIND_NOTE.get(),
        "training" => learning::KIND_TRAINING.get(),
        "peer_ask" => peers::KIND_ASK.get(),
        "peer_match" => peers::KIND_MATCH.get(),
        "peer_agreement" => peers::KIND_AGREEMENT.get(),
        other => other,
    }
}

/// An action in words; one that has none yet, by its name.
pub fn said(action: &str) -> &str {
    match action {
        "sign_up.read" => desk_words::AUDIT_SIGN_UP_READ.get(),
        "sign_up.confirm" => desk_words::AUDIT_SIGN_UP_CONFIRM.get(),
        "sign_up.cancel" => desk_words::AUDIT_SIGN_UP_CANCEL.get(),
        "sign_up.note" => desk_words::AUDIT_SIGN_UP_NOTE.get(),
        "check_in.read" => desk_words::AUDIT_CHECK_IN_READ.get(),
        "check_in.take_on" => desk_words::AUDIT_CHECK_IN_TAKE_ON.get(),
        "check_in.hand_over" => desk_words::AUDIT_CHECK_IN_HAND_OVER.get(),
        "check_in.reply" => desk_words::AUDIT_CHECK_IN_REPLY.get(),
        "check_in.rang" => desk_words::AUDIT_CHECK_IN_RANG.get(),
        "check_in.close" => desk_words::AUDIT_CHECK_IN_CLOSE.get(),
        "check_in.copied" => desk_words::AUDIT_CHECK_IN_COPIED.get(),
        "plan.read" => plans::AUDIT_READ.get(),
        "impact.print" => impact::AUDIT_PRINT.get(),
        _ if action.starts_with("speaking_up.") => experience_said(action),
        "team.edit" => desk_words::AUDIT_TEAM_EDIT.get(),
        "safety.write" => desk_words::AUDIT_SAFETY_WRITE.get(),
        "safety.read" => desk_words::AUDIT_SAFETY_READ.get(),
        "safety.list" => desk_words::AUDIT_SAFETY_LIST.get(),
        "safety.settings" => desk_words::AUDIT_SAFETY_SETTINGS.get(),
        "safety.reader_named" => desk_words::AUDIT_SAFETY_READER_NAMED.get(),
        "safety.reader_removed" => desk_words::AUDIT_SAFETY_READER_REMOVED.get(),
        leaving::LEFT => desk_words::AUDIT_LEFT.get(),
        calendars::MADE => own_words::AUDIT_CALENDAR.get(),
        calendars::ENDED => own_words::AUDIT_CALENDAR_END.get(),
        "mail.default" => desk_words::AUDIT_MAIL_DEFAULT.get(),
        people::NEW_PHONE => own::AUDIT_NEW_PHONE.get(),
        people::LOST => own::AUDIT_LOST.get(),
        "retention.change" => keeping::AUDITED.get(),
        "sign_up.offer" => board::AUDIT_OFFER.get(),
        "sign_up.came" => board::AUDIT_CAME.get(),
        "sign_up.not_there" => board::AUDIT_NOT_THERE.get(),
        "sign_up.thank" => board::AUDIT_THANK.get(),
        "sign_ups.export" => board::AUDIT_EXPORT.get(),
        "sign_ups.export_needs" => board::AUDIT_EXPORT_NEEDS.get(),
        "sign_ups.register" => board::AUDIT_REGISTER.get(),
        enter::ENTERED => entering::AUDITED.get(),
        "lead.give" => board::AUDIT_LEAD_GIVE.get(),
        "lead.end" => board::AUDIT_LEAD_END.get(),
        _ if action.starts_with("opportunity.") => opportunity_said(action),
        _ if action.starts_with("group.") => group_said(action),
        _ if action.starts_with("experience.") || action.starts_with("story.") => {
            experience_said(action)
        }
        _ if action.starts_with("change.") => change_said(action),
        _ if action.starts_with("note.") || action.starts_with("training.") => {
            learning_said(action)
        }
        safety::BY_PEER => peers::AUDIT_WORRY.get(),
        _ if action.starts_with("peer") => peers_said(action),
        _ if action.starts_with("words.") || action.starts_with("suggestion.") => {
            words_said(action)
        }
        "session.add" => run::AUDIT_SESSION_ADD.get(),
        "session.change" => run::AUDIT_SESSION_CHANGE.get(),
        "session.move" => run::AUDIT_SESSION_MOVE.get(),
        "session.cancel" => run::AUDIT_SESSION_CANCEL.get(),
        "help_line.add" => lines::AUDIT_ADD.get(),
        "help_line.change" => lines::AUDIT_CHANGE.get(),
        "help_line.place" => lines::AUDIT_PLACE.get(),
        "help_line.check" => lines::AUDIT_CHECK.get(),
        "help_line.take_away" => lines::AUDIT_TAKE_AWAY.get(),
        "help_line.start" => lines::AUDIT_START.get(),
        join_codes::MADE => codes::AUDIT_MADE.get(),
        join_codes::STOPPED => codes::AUDIT_STOPPED.get(),
        super::export::EXPORTED => words::DID_EXPORT.get(),
        LET_GO => words::DID_LET_GO.get(),
        RESTORED => words::DID_RESTORE.get(),
        other => accounts::said(other).unwrap_or(other),
    }
}

/// The same of what is done with experiences, the stories told of them, and whom members can turn to.
fn experience_said(action: &str) -> &str {
    match action {
        "experience.read" => experiences::AUDIT_READ.get(),
        "experience.take_on" => experiences::AUDIT_TAKE_ON.get(),
        "experience.reply" => experiences::AUDIT_REPLY.get(),
        "experience.close" => experiences::AUDIT_CLOSE.get(),
        "experience.tag" => experiences::AUDIT_TAG.get(),
        "experience.untag" => experiences::AUDIT_UNTAG.get(),
        "experience.came_to" => experiences::AUDIT_CAME_TO.get(),
        "experience.begin_change" => experiences::AUDIT_BEGIN_CHANGE.get(),
        "experience.link_change" => experiences::AUDIT_LINK_CHANGE.get(),
        "experience.unlink_change" => experiences::AUDIT_UNLINK_CHANGE.get(),
        "speaking_up.name" => independents::AUDIT_NAMED.get(),
        "speaking_up.unname" => independents::AUDIT_UNNAMED.get(),
        "speaking_up.line" => independents::AUDIT_LINE.get(),
        "speaking_up.line_removed" => independents::AUDIT_LINE_REMOVED.get(),
        "story.write" => experiences::AUDIT_STORY_WRITE.get(),
        "story.check" => experiences::AUDIT_STORY_CHECK.get(),
        "story.publish" => experiences::AUDIT_STORY_PUBLISH.get(),
        "story.take_down" => experiences::AUDIT_STORY_TAKE_DOWN.get(),
        other => other,
    }
}

/// The same of what is done with groups.
fn group_said(action: &str) -> &str {
    match action {
        "group.start" => groups::AUDIT_START.get(),
        "group.change" => groups::AUDIT_CHANGE.get(),
        "group.open" => groups::AUDIT_OPEN.get(),
        "group.pause" => groups::AUDIT_PAUSE.get(),
        "group.end" => groups::AUDIT_END.get(),
        "group.forget" => groups::AUDIT_FORGET.get(),
        "group.backup" => groups::AUDIT_BACKUP.get(),
        "group.lead" => groups::AUDIT_LEAD.get(),
        "group.lead_end" => groups::AUDIT_LEAD_END.get(),
        "group.read" => groups::AUDIT_READ.get(),
        "group.write" => groups::AUDIT_WRITE.get(),
        "group.hide" => groups::AUDIT_HIDE.get(),
        "group.show" => groups::AUDIT_SHOW.get(),
        "group.looked" => groups::AUDIT_LOOKED.get(),
        "group.take_back" => groups::AUDIT_TAKE_BACK.get(),
        "group.pause_writing" => groups::AUDIT_PAUSE_WRITING.get(),
        "group.let_write" => groups::AUDIT_LET_WRITE.get(),
        other => other,
    }
}

/// The same of what is done with the words of documents.
fn words_said(action: &str) -> &str {
    match action {
        "words.bring_in" => our_words::AUDIT_BRING_IN.get(),
        "words.change" => our_words::AUDIT_CHANGE.get(),
        "words.publish" => our_words::AUDIT_PUBLISH.get(),
        "words.begin_again" => our_words::AUDIT_BEGIN_AGAIN.get(),
        "suggestion.take_on" => our_words::AUDIT_TAKE_ON.get(),
        "suggestion.give" => our_words::AUDIT_GIVE.get(),
        "suggestion.propose" => our_words::AUDIT_PROPOSE.get(),
        "suggestion.decide" => our_words::AUDIT_DECIDE.get(),
        "suggestion.merge" => our_words::AUDIT_MERGE.get(),
        "suggestion.hide" => our_words::AUDIT_HIDE.get(),
        "suggestion.show" => our_words::AUDIT_SHOW.get(),
        other => other,
    }
}

/// The same of peer support.
fn peers_said(action: &str) -> &str {
    match action {
        "peer.read" => peers::AUDIT_READ.get(),
        "peer.ask_peer" => peers::AUDIT_ASK_PEER.get(),
        "peer.apart" => peers::AUDIT_APART.get(),
        "peer.ask_no_more" => peers::AUDIT_ASK_NO_MORE.get(),
        "peer.suggest" => peers::AUDIT_SUGGEST.get(),
        "peer.nobody_yet" => peers::AUDIT_NOBODY_YET.get(),
        "peer.look_on" => peers::AUDIT_LOOK_ON.get(),
        "peer.end" => peers::AUDIT_END.get(),
        "peer_match.end" => peers::AUDIT_MATCH_END.get(),
        "peer_match.read" => peers::AUDIT_MATCH_READ.get(),
        "peer_match.looked" => peers::AUDIT_MATCH_LOOKED.get(),
        "peer_supporter.make" => peers::AUDIT_MAKE.get(),
        "peer_supporter.train" => peers::AUDIT_TRAIN.get(),
        "peer_supporter.supervise" => peers::AUDIT_SUPERVISE.get(),
        "peer_supporter.end" => peers::AUDIT_SUPPORTER_END.get(),
        "peer_agreement.write" => peers::AUDIT_AGREEMENT.get(),
        other => other,
    }
}

/// The same of what is done with change notes and trainings.
fn learning_said(action: &str) -> &str {
    match action {
        "note.start" => learning::AUDIT_START.get(),
        "note.edit" => learning::AUDIT_EDIT.get(),
        "note.approve" => learning::AUDIT_APPROVE.get(),
        "note.publish" => learning::AUDIT_PUBLISH.get(),
        "note.again" => learning::AUDIT_AGAIN.get(),
        "note.forget" => learning::AUDIT_FORGET.get(),
        "note.answer" => learning::AUDIT_ANSWER.get(),
        "training.start" => learning::AUDIT_TRAINING_START.get(),
        "training.write" => learning::AUDIT_TRAINING_WRITE.get(),
        "training.publish" => learning::AUDIT_TRAINING_PUBLISH.get(),
        other => other,
    }
}

/// The same of what changed because of what people said.
fn change_said(action: &str) -> &str {
    match action {
        "change.start" => changes::AUDIT_START.get(),
        "change.edit" => changes::AUDIT_EDIT.get(),
        "change.agree" => changes::AUDIT_AGREE.get(),
        "change.publish" => changes::AUDIT_PUBLISH.get(),
        "change.correct" => changes::AUDIT_CORRECT.get(),
        "change.take_down" => changes::AUDIT_TAKE_DOWN.get(),
        "change.forget" => changes::AUDIT_FORGET.get(),
        other => other,
    }
}

/// The same of what is done with opportunities.
fn opportunity_said(action: &str) -> &str {
    match action {
        "opportunity.start" => run::AUDIT_START.get(),
        "opportunity.edit" => run::AUDIT_EDIT.get(),
        "opportunity.forget" => run::AUDIT_FORGET.get(),
        "opportunity.publish" => run::AUDIT_PUBLISH.get(),
        "opportunity.change" => run::AUDIT_CHANGE.get(),
        "opportunity.pause" => run::AUDIT_PAUSE.get(),
        "opportunity.close" => run::AUDIT_CLOSE.get(),
        "opportunity.report_back" => run::AUDIT_REPORT_BACK.get(),
        "opportunity.archive" => run::AUDIT_ARCHIVE.get(),
        "opportunity.cancel" => run::AUDIT_CANCEL.get(),
        "opportunity.letter" => run::AUDIT_LETTER.get(),
        other => other,
    }
}
