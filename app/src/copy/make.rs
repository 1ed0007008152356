//! Makes a copy of a phone's rows.

use super::schema::{
    CopiedComment, CopiedDraft, CopiedExperience, CopiedGroup, CopiedPeerAsk, CopiedPeerMessage,
    CopiedPlan, CopiedSignUp, CopiedSuggestion, Copy, GivenBack, Shared, VERSION, Waiting, Wrote,
};
use crate::{
    domain::{
        experience::story::Story,
        group::{Group, Membership, Message},
        id::{CheckInId, CommandId, GroupId, SessionId, SignUpId},
        my_plan::{MyPlan, newest_first},
        needs::Needs,
        opportunity::{Opportunity, Session},
        record::{CheckIn, SignUp, kind},
        time::{Millis, rfc3339},
        words::{Document, suggestion::Suggestion},
    },
    json::{self, FromJson, read},
    order,
    sync::{
        outbox::{self, OutboxRow, Owner},
        overlay,
        rows::PLAN,
        store::{RecordKey, Refused},
        wire::WireCommand,
    },
    ui::{
        local::{Draft, PrivateCheckIn, Rows},
        when,
    },
};
use serde_json::Value;

/// Whose copy it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Who {
    /// Whose rows these are.
    pub owner: Owner,
    /// What they want to be called.
    pub name: Option<String>,
    /// Their team's name.
    pub team: Option<String>,
}

/// The copy of these rows.
pub fn copy(rows: &Rows, who: Who, now: Millis) -> Copy {
    let outbox = outbox_of(rows);
    Copy {
        chorus_copy: VERSION,
        made_at: rfc3339(now),
        member: who.owner.member(),
        name: who.name,
        team: who.team,
        needs: laid(rows, who.owner, kind::NEEDS, |_, kept: Needs, _| kept.needs)
            .into_iter()
            .find_map(|needs| needs),
        check_ins: own(rows),
        plans: plans(rows),
        shared_plans: laid(rows, who.owner, kind::PLAN, |id, plan, sent| CopiedPlan {
            id,
            how_far: sent.into(),
            plan,
        }),
        shared: shared(rows, who.owner),
        sign_ups: sign_ups(rows, who.owner),
        groups: groups(rows, who.owner),
        suggestions: suggestions(rows, who.owner),
        comments: comments(rows, who.owner),
        experiences: experiences(rows, who.owner),
        peer_asks: laid(rows, who.owner, kind::PEER_ASK, |id, ask, sent| {
            CopiedPeerAsk {
                id,
                how_far: sent.into(),
                ask,
            }
        }),
        peer_messages: peer_messages(rows, who.owner),
        drafts: rows.drafts.iter().filter_map(draft).collect(),
        given_back: refused(rows).map(given_back).collect(),
        waiting: outbox::waiting(&outbox, who.owner)
            .into_iter()
            .map(|(row, _)| waiting(row))
            .collect(),
    }
}

/// The person's own check-ins, oldest first.
pub(super) fn own(rows: &Rows) -> Vec<PrivateCheckIn> {
    let mut own: Vec<PrivateCheckIn> = (rows.private.iter())
        .filter(|(key, _)| key.starts_with(kind::CHECK_IN))
        .filter_map(|(_, text)| read(text))
        .collect();
    order::by_key(&mut own, |one| one.made_at);
    own
}

/// The rows of the person's plan, newest first.
pub(super) fn plans(rows: &Rows) -> Vec<MyPlan> {
    let rows = rows.private.iter();
    let of_plan = rows.filter(|(key, _)| key.starts_with(PLAN));
    newest_first(of_plan.filter_map(|(_, text)| read(text)).collect())
}

/// Shared check-ins, with what waits laid over.
pub(super) fn shared(rows: &Rows, owner: Owner) -> Vec<Shared> {
    laid(
        rows,
        owner,
        kind::CHECK_IN,
        |id, check_in: CheckIn, sent| Shared {
            id: CheckInId(id),
            how_far: sent.into(),
            check_in,
        },
    )
}

fn sign_ups(rows: &Rows, owner: Owner) -> Vec<CopiedSignUp> {
    laid(rows, owner, kind::SIGN_UP, |id, sign_up: SignUp, sent| {
        let session = sign_up.session.and_then(|id| session(rows, id));
        let opportunity = session.as_ref().and_then(|session| {
            record::<Opportunity>(rows, kind::OPPORTUNITY, &session.opportunity.to_string())
        });
        CopiedSignUp {
            id: SignUpId(id),
            title: opportunity.map(|one| one.title),
            when: session.as_ref().map(when::session_time),
            place: session.as_ref().map(when::session_place),
            how_far: sent.into(),
            sign_up,
        }
    })
}

/// The groups that the person belongs to, with what they wrote: nobody else's words.
fn groups(rows: &Rows, owner: Owner) -> Vec<CopiedGroup> {
    let written = laid(rows, owner, kind::GROUP_MESSAGE, |id, message, sent| {
        Wrote {
            id,
            how_far: sent.into(),
            message,
        }
    });
    laid(
        rows,
        owner,
        kind::MEMBERSHIP,
        |id, membership: Membership, sent| {
            let mine = |it: &Message| {
                let by_me = it.person.is_none() || it.person == membership.person;
                it.group.0 == id && it.staff.is_none() && by_me
            };
            let mut wrote: Vec<Wrote> = written.clone();
            wrote.retain(|one| mine(&one.message));
            order::by_key(&mut wrote, |one| {
                (one.message.at.is_none(), one.message.at.clone())
            });
            CopiedGroup {
                id: GroupId(id),
                title: record::<Group>(rows, kind::GROUP, &id.to_string()).map(|one| one.title),
                how_far: sent.into(),
                membership,
                wrote,
            }
        },
    )
}

/// What the person said about our words, with the name of each document.
fn suggestions(rows: &Rows, owner: Owner) -> Vec<CopiedSuggestion> {
    laid(
        rows,
        owner,
        kind::SUGGESTION,
        |id, said: Suggestion, sent| {
            let document = said.document.to_string();
            CopiedSuggestion {
                id,
                title: record::<Document>(rows, kind::DOCUMENT, &document).map(|one| one.title),
                how_far: sent.into(),
                suggestion: said,
            }
        },
    )
}

/// What the person told of their experience, each with the story of it.
fn experiences(rows: &Rows, owner: Owner) -> Vec<CopiedExperience> {
    let stories = laid(rows, owner, kind::STORY, |_, story: Story, _| story);
    laid(rows, owner, kind::EXPERIENCE, |id, experience, sent| {
        let mut stories = stories.iter();
        CopiedExperience {
            id,
            how_far: sent.into(),
            experience,
            story: stories.find(|it| it.experience.0 == id).cloned(),
        }
    })
}

/// What the person wrote to groups about such things: nobody else's words.
fn comments(rows: &Rows, owner: Owner) -> Vec<CopiedComment> {
    let me = laid(rows, owner, kind::MEMBERSHIP, |_, it: Membership, _| {
        it.person
    });
    let mut all = laid(
        rows,
        owner,
        kind::SUGGESTION_COMMENT,
        |id, comment, sent| CopiedComment {
            id,
            how_far: sent.into(),
            comment,
        },
    );
    all.retain(|one: &CopiedComment| {
        let person = one.comment.person;
        person.is_none() || me.contains(&person)
    });
    all
}

/// What the person wrote to whom they are matched with: nobody else's words.
fn peer_messages(rows: &Rows, owner: Owner) -> Vec<CopiedPeerMessage> {
    let mut all = laid(rows, owner, kind::PEER_MESSAGE, |id, message, sent| {
        CopiedPeerMessage {
            id,
            how_far: sent.into(),
            message,
        }
    });
    all.retain(|one: &CopiedPeerMessage| !one.message.theirs);
    all
}

fn session(rows: &Rows, id: SessionId) -> Option<Session> {
    record(rows, kind::SESSION, &id.to_string())
}

fn record<T: FromJson>(rows: &Rows, kind: &str, id: &str) -> Option<T> {
    let mut all = rows.records.iter();
    let (_, body) = all.find(|(key, _)| {
        RecordKey::parse(key).is_some_and(|key| key.kind() == kind && key.id() == id)
    })?;
    read(body)
}

fn laid<T: FromJson, R>(
    rows: &Rows,
    owner: Owner,
    kind: &str,
    make: impl Fn(uuid::Uuid, T, crate::sync::status::Sent) -> R,
) -> Vec<R> {
    let of_kind = rows.records.iter().filter_map(|(key, body)| {
        let key = RecordKey::parse(key)?;
        (key.kind() == kind).then(|| (key.id().to_owned(), body.clone()))
    });
    let laid = overlay::lay(kind, of_kind.collect(), &outbox_of(rows), owner);
    laid.into_iter()
        .filter_map(|one| Some(make(one.id.parse().ok()?, read(&one.body)?, one.sent)))
        .collect()
}

fn outbox_of(rows: &Rows) -> Vec<OutboxRow> {
    let mut outbox: Vec<OutboxRow> = (rows.outbox.iter())
        .filter_map(|(_, row)| read(row))
        .collect();
    order::by_key(&mut outbox, |row| row.seq);
    outbox
}

fn draft((key, text): &(String, String)) -> Option<CopiedDraft> {
    let draft: Draft = read(text)?;
    let id = key.strip_prefix(&draft.form)?.strip_prefix('/')?;
    Some(CopiedDraft {
        id: id.parse().ok()?,
        // What cannot be read as fields is words all the same.
        fields: read(&draft.fields).unwrap_or(Value::String(draft.fields)),
        form: draft.form,
        changed_at: draft.changed_at,
    })
}

fn refused(rows: &Rows) -> impl Iterator<Item = Refused> {
    let all = rows.drafts.iter();
    all.filter_map(|(key, text)| {
        let refused: Refused = read(text)?;
        (refused.key() == *key).then_some(refused)
    })
}

fn given_back(refused: Refused) -> GivenBack {
    let Waiting {
        id,
        kind,
        body,
        made_at,
    } = waiting(&refused.row);
    GivenBack {
        id,
        kind,
        body,
        made_at,
        code: refused.code,
        message: refused.message,
        refused_at: refused.refused_at,
    }
}

fn waiting(row: &OutboxRow) -> Waiting {
    let (kind, body) = match json::read::<WireCommand>(&row.text) {
        Some(wire) => (wire.kind, wire.body),
        None => (String::new(), Value::String(row.text.clone())),
    };
    Waiting {
        id: CommandId(row.id.0),
        kind,
        body,
        made_at: row.made_at,
    }
}
