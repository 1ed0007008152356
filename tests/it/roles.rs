//! Who may do what: every route, tried by everyone. A route that is added without a line here fails.
//!
//! Each person has a site of their own with the same people in it, so that what one was allowed to do
//! changes nothing for the next. Where something is refused, or shown to people who may not see what
//! is behind it, none of the words in [`Line::secrets`] is in the answer.

use crate::{
    desk::{Desk, escape, hire, signed_in},
    experiences::an_experience,
    lead_accounts::{a_group, moves},
    phones::added,
    plans::a_plan,
    safety_settings::name_readers,
    site::{Answer, Phone, Site},
    sync::{a_request, a_share},
};
use app::{
    domain::{
        change::ChangePlan,
        command::Command,
        experience::{Reader, Says},
        group::{Group, GroupAct, GroupState, InGroup},
        id::{
            ChangeId, CheckInId, DeviceId, DocumentId, ExperienceId, GroupId, HelpLineId, MemberId,
            NoteId, PeerAskId, PeerMatchId, SignUpId, StaffId, SuggestionId, TeamId, TrainingId,
        },
        learning::NotePlan,
        opportunity::{Agreement, Area, Gives},
    },
    ui::lines::built_in,
};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::json;
use server::{
    commands::{changes, learning},
    db::{
        accounts, groups,
        help_lines::Kept,
        learning as notes,
        staff::Role,
        teams::{self, Details},
        trainings,
    },
    publish,
};
use std::{collections::BTreeSet, fs, path::Path};
use uuid::Uuid;

/// Everyone, in the order of [`Line::seen`]: nobody, the member whose things these are, another member, the
/// first one's phone that was signed out, staff of another team, of the team that covers, of the team
/// itself, an admin who is in no team, whoever an admin named to read about safety, the account of a lead of the
/// group that the opportunity is of, and of a lead of another group.
const EVERYONE: [Who; 11] = [
    Who::Nobody,
    Who::Member,
    Who::OtherMember,
    Who::SignedOut,
    Who::OtherTeam,
    Who::Cover,
    Who::Staff,
    Who::Admin,
    Who::Lead,
    Who::Runs,
    Who::RunsAnother,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Nobody,
    Member,
    OtherMember,
    SignedOut,
    OtherTeam,
    Cover,
    Staff,
    Admin,
    Lead,
    Runs,
    RunsAnother,
}

/// Words that only some may read.
const CHECK_IN: &str = "A hard week";
const SIGN_UP: &str = "A quiet room";
const NAME: &str = "Samphire";
const WORRY: &str = "not be here on Friday";
const WRITTEN: &str = "said among ourselves";
const PLAN: &str = "Tea by the window";
const SUGGESTED: &str = "makes my stomach turn";
const EXPERIENCE: &str = "Kingfisher in the corridor";
const PEER: &str = "Nights are long";
const ALL: &[&str] = &[
    CHECK_IN, SIGN_UP, NAME, WORRY, WRITTEN, PLAN, SUGGESTED, EXPERIENCE, PEER,
];
/// Sign-ups are all staff's on the desk.
const BUT_SIGN_UPS: &[&str] = &[CHECK_IN, WORRY, WRITTEN, PLAN, SUGGESTED, EXPERIENCE, PEER];
/// Whoever knows of a record about safety may name who it is about.
const BUT_NAMES: &[&str] = &[
    CHECK_IN, SIGN_UP, WORRY, WRITTEN, PLAN, SUGGESTED, EXPERIENCE, PEER,
];

/// One method of one route.
struct Line {
    method: &'static str,
    route: &'static str,
    /// What is sent: JSON to `/api`, a form elsewhere.
    sent: &'static str,
    /// A letter for each of [`EVERYONE`]: `y` is done or shown; `b` is shown without any of the secrets;
    /// `s` is asked to sign in at the desk; `a` is anything, as these files may not have been built. Else it
    /// is refused: `1` with 401, `3` with 403, `4` with 404, `O` with 409, `U` with 422.
    seen: &'static str,
    secrets: &'static [&'static str],
}

const fn line(
    method: &'static str,
    route: &'static str,
    sent: &'static str,
    seen: &'static str,
) -> Line {
    Line {
        method,
        route,
        sent,
        seen,
        secrets: ALL,
    }
}

const fn but(secrets: &'static [&'static str], line: Line) -> Line {
    Line { secrets, ..line }
}

/// Every route. Those that only read come first, so that what is changed by the others is still there.
const LINES: &[Line] = &[
    line("GET", "/health/live", "", "bbbbbbbbbbb"),
    line("GET", "/health/ready", "", "bbbbbbbbbbb"),
    line("GET", "/api/openapi.json", "", "bbbbbbbbbbb"),
    line("GET", "/assets/{*name}", "", "aaaaaaaaaaa"),
    line("GET", "/sw.js", "", "aaaaaaaaaaa"),
    line("GET", "/manifest.webmanifest", "", "aaaaaaaaaaa"),
    line("GET", "/shell", "", "bbbbbbbbbbb"),
    line("GET", "/notes", "", "bbbbbbbbbbb"),
    line("GET", "/calendar/{file}", "", "44444444444"),
    line("GET", "/join", "", "bbbbbbbbbbb"),
    line("GET", "/check-in", "", "bbbbbbbbbbb"),
    line("GET", "/take-part/{opportunity}/sign-up", "", "bbbbbbbbbbb"),
    line("GET", "/take-part/groups/{group}", "", "44444444444"),
    line("GET", "/staff/", "", "bbbbbbbbbbb"),
    line("GET", "/staff/set-up/{token}", "", "44444444444"),
    line("GET", "/staff/sign-in", "", "bbbbbbbbbbb"),
    line("GET", "/staff/sign-in/code", "", "sssssssssss"),
    line("GET", "/staff/invite/{token}", "", "44444444444"),
    line("GET", "/staff/account", "", "ssssbbbbbbb"),
    line("GET", "/staff/account/two-step", "", "ssssbbbbbbb"),
    line("GET", "/staff/account/calendar", "", "ssssbbbbbbb"),
    line("GET", "/staff/account/calendar/end", "", "ssssbbbbbbb"),
    line("GET", "/staff/accounts", "", "ssss333b333"),
    line("GET", "/staff/accounts/invite", "", "ssss333b333"),
    line("GET", "/staff/accounts/{id}", "", "ssss333b333"),
    but(
        BUT_SIGN_UPS,
        line("GET", "/staff/sign-ups", "", "ssssbbbbbbb"),
    ),
    but(
        BUT_SIGN_UPS,
        line("GET", "/staff/sign-ups/{id}", "", "ssssbbbbbb4"),
    ),
    but(
        BUT_SIGN_UPS,
        line("GET", "/staff/sign-ups/{id}/cancel", "", "ssssbbbbbb4"),
    ),
    but(
        BUT_SIGN_UPS,
        line("GET", "/staff/sign-ups/{id}/safety", "", "ssssbbbbbb4"),
    ),
    but(
        BUT_SIGN_UPS,
        line("GET", "/staff/sign-ups/{id}/thank", "", "ssssbbbbbb4"),
    ),
    but(
        BUT_SIGN_UPS,
        line("GET", "/staff/sessions/{id}/register", "", "ssssbbbbbb4"),
    ),
    line(
        "GET",
        "/staff/sessions/{id}/calendar.ics",
        "",
        "ssssbbbbbb4",
    ),
    line("GET", "/staff/check-ins", "", "ssssbyybb33"),
    line("GET", "/staff/check-ins/{id}", "", "ssss4yy4433"),
    line("GET", "/staff/check-ins/{id}/copied", "", "ssss4yy4433"),
    line("GET", "/staff/check-ins/{id}/safety", "", "ssss4yy4444"),
    line("GET", "/staff/plans", "", "ssssbyybb33"),
    line("GET", "/staff/plans/{id}", "", "ssss4yy4433"),
    line("GET", "/staff/experiences", "", "ssssbyybb33"),
    line("GET", "/staff/experiences/settings", "", "ssss333b333"),
    line("GET", "/staff/experiences/{id}", "", "ssss4yy4433"),
    line("GET", "/staff/experiences/{id}/story", "", "ssss4yy4433"),
    line("GET", "/staff/experiences/{id}/safety", "", "ssss4yy4444"),
    line("GET", "/staff/themes", "", "ssssbbbbb33"),
    // Peer support is all staff's; what two people write is for whoever is behind the peer, when one of them asks.
    line("GET", "/staff/peers", "", "ssssbbbbb33"),
    line("GET", "/staff/peers/asks/{id}", "", "ssssyyyyy33"),
    line("GET", "/staff/peers/supporters/{id}", "", "ssssbbbbb33"),
    line("GET", "/staff/peers/matches/{id}", "", "ssss3333333"),
    line("GET", "/staff/peers/matches/{id}/safety", "", "ssssbbbbb44"),
    line("GET", "/staff/peers/agreement", "", "ssssbbbbb33"),
    line("GET", "/staff/opportunities", "", "ssssbbbbbbb"),
    line("GET", "/staff/opportunities/new", "", "ssssbbbbbbb"),
    line("GET", "/staff/opportunities/{id}", "", "ssssbbbbbb4"),
    line("GET", "/staff/opportunities/{id}/edit", "", "ssssbbbbbb4"),
    line(
        "GET",
        "/staff/opportunities/{id}/preview",
        "",
        "ssssbbbbbb4",
    ),
    line(
        "GET",
        "/staff/opportunities/{id}/step",
        "step=close",
        "ssssbbbbbb4",
    ),
    line("GET", "/staff/opportunities/{id}/forget", "", "ssssbbbbbb4"),
    line("GET", "/staff/opportunities/{id}/report", "", "ssssUUUUUU4"),
    line("GET", "/staff/opportunities/{id}/cancel", "", "ssssbbbbbb4"),
    line("GET", "/staff/opportunities/{id}/letter", "", "ssssbbbbbb4"),
    line("GET", "/staff/opportunities/{id}/poster", "", "ssssbbbbbb4"),
    line(
        "GET",
        "/staff/opportunities/{id}/sessions/new",
        "",
        "ssssbbbbbb4",
    ),
    line("GET", "/what-changed.atom", "", "bbbbbbbbbbb"),
    line("GET", "/stories", "", "bbbbbbbbbbb"),
    line("GET", "/stories/{story}", "", "44444444444"),
    line("GET", "/staff/changes", "", "ssssbbbbbbb"),
    line("GET", "/staff/changes/new", "", "ssssbbbbbbb"),
    line("GET", "/staff/changes/{id}", "", "ssssbbbbbb4"),
    line("GET", "/staff/changes/{id}/edit", "", "ssssbbbbbb4"),
    line("GET", "/staff/changes/{id}/preview", "", "ssssbbbbbb4"),
    line("GET", "/staff/changes/{id}/take-down", "", "ssssUUUUUU4"),
    line("GET", "/staff/changes/{id}/forget", "", "ssssbbbbbb4"),
    line("GET", "/staff/words", "", "ssssbbbbbbb"),
    line("GET", "/staff/words/new", "", "ssssbbbbbbb"),
    line("GET", "/staff/words/{id}", "", "ssssyyyyyy4"),
    line("GET", "/staff/words/{id}/change", "", "ssssbbbbbb4"),
    line("GET", "/staff/words/{id}/version", "", "ssssbbbbbb4"),
    line(
        "GET",
        "/staff/words/{id}/versions/{version}",
        "",
        "ssssbbbbbb4",
    ),
    line(
        "GET",
        "/staff/words/{id}/suggestions/{suggestion}",
        "",
        "ssssyyyyyy4",
    ),
    line(
        "GET",
        "/staff/words/{id}/suggestions/{suggestion}/decide",
        "",
        "ssssyyyyyy4",
    ),
    line(
        "GET",
        "/staff/words/{id}/suggestions/{suggestion}/merge",
        "",
        "ssssbbbbbb4",
    ),
    line("POST", "/staff/words/file", "", "ssssUUUUUUU"),
    line(
        "POST",
        "/staff/words/new",
        "title=Plan&text=Hello.&step=see",
        "ssssbbbbbUU",
    ),
    line(
        "POST",
        "/staff/words/{id}/version",
        "text=Hello.&step=see",
        "ssssbbbbbb4",
    ),
    line(
        "POST",
        "/staff/words/{id}/change",
        "title=Plan&edit=1&state=open&group={GROUP}",
        "ssssyyyyyy4",
    ),
    line(
        "POST",
        "/staff/words/{id}/suggestions/{suggestion}",
        "step=take_on",
        "ssssyyyyyy4",
    ),
    line(
        "POST",
        "/staff/words/{id}/suggestions/{suggestion}/merge",
        "into=guessed",
        "ssssUUUUUU4",
    ),
    line(
        "POST",
        "/staff/words/{id}/suggestions/{suggestion}/decide",
        "outcome=not_changed&reason=Because&took_part=Us&step=send",
        "ssssyyyyyy4",
    ),
    line("GET", "/staff/learning", "", "ssssbbbbbbb"),
    line("GET", "/staff/learning/{id}", "", "ssssbbbbbbb"),
    line("GET", "/staff/learning/notes", "", "ssssbbbbbbb"),
    line("GET", "/staff/learning/notes/new", "", "ssssbbbbbbb"),
    line("GET", "/staff/learning/notes/{id}", "", "ssssbbbbbb4"),
    line("GET", "/staff/learning/notes/{id}/edit", "", "ssssbbbbbb4"),
    line(
        "GET",
        "/staff/learning/notes/{id}/forget",
        "",
        "ssssUUUUUU4",
    ),
    // Who has read it: admins, and those who lead the group.
    line(
        "GET",
        "/staff/learning/notes/{id}/readers",
        "",
        "ssss33bb3b4",
    ),
    line("GET", "/staff/learning/trainings/new", "", "ssssbbbbbbb"),
    line(
        "GET",
        "/staff/learning/trainings/{training}",
        "",
        "ssssbbbbbb4",
    ),
    line(
        "GET",
        "/staff/learning/trainings/{training}/present",
        "",
        "ssssbbbbbb4",
    ),
    line(
        "GET",
        "/staff/learning/trainings/{training}/handout",
        "",
        "ssssbbbbbb4",
    ),
    line("GET", "/staff/groups", "", "ssssbbbbbbb"),
    line("GET", "/staff/groups/new", "", "ssssbbbbb33"),
    line("GET", "/staff/groups/{id}", "", "ssssbbbbbb4"),
    line("GET", "/staff/groups/{id}/edit", "", "ssssbbbbbb4"),
    line("GET", "/staff/groups/{id}/end", "", "ssssbbbbb33"),
    line("GET", "/staff/groups/{id}/forget", "", "ssssUUUUU33"),
    line("GET", "/staff/groups/{id}/people", "", "ssss33y33y4"),
    line(
        "GET",
        "/staff/groups/{id}/people/{person}",
        "",
        "ssss33y33y4",
    ),
    line("GET", "/staff/groups/{id}/messages", "", "ssss33y33y4"),
    line(
        "GET",
        "/staff/groups/{id}/messages/{message}",
        "",
        "ssss33y33y4",
    ),
    line("GET", "/staff/sessions/{id}", "", "ssssbbbbbb4"),
    line("GET", "/staff/sessions/{id}/move", "", "ssssbbbbbb4"),
    line("GET", "/staff/sessions/{id}/cancel", "", "ssssbbbbbb4"),
    line("GET", "/staff/people", "", "ssssbbyyb33"),
    line("GET", "/staff/people/{id}", "", "ssss44yy433"),
    line("GET", "/staff/people/{id}/lost/{device}", "", "ssss44yy433"),
    line("GET", "/staff/join-codes", "", "ssssbbbbb33"),
    line("GET", "/staff/join-codes/{code}", "", "ssss44yy433"),
    line("GET", "/staff/join-codes/{code}/stop", "", "ssss44bb433"),
    line("GET", "/staff/join-codes/{code}/poster", "", "ssss44bb433"),
    line("GET", "/staff/join-codes/{code}/cards", "", "ssss44bb433"),
    line("GET", "/staff/help-now", "", "ssssbbbbb33"),
    line("GET", "/staff/help-now/new", "", "ssss333b333"),
    line("GET", "/staff/help-now/{id}", "", "ssss333b333"),
    line("GET", "/staff/help-now/{id}/take-away", "", "ssss333b333"),
    line("GET", "/staff/teams", "", "ssss333b333"),
    line("GET", "/staff/teams/{id}", "", "ssss333b333"),
    line("GET", "/staff/audit", "", "ssss333y333"),
    line("GET", "/staff/impact", "", "ssssbbbbb33"),
    line("GET", "/staff/impact/print", "", "ssssbbbbb33"),
    line("GET", "/staff/impact/numbers", "", "ssssbbbbb33"),
    line("GET", "/staff/retention", "", "ssss333b333"),
    line("GET", "/staff/mail", "", "ssssbbbbbbb"),
    line("GET", "/staff/events", "", "ssssbbbbbbb"),
    line("GET", "/staff/safety/settings", "", "ssss333b333"),
    line("GET", "/staff/safety/new", "", "ssssbbbbbbb"),
    line("GET", "/staff/safety/received/{entry}", "", "ssss4444444"),
    line("GET", "/staff/safety", "", "ssss3333y33"),
    line("GET", "/staff/safety/{record}", "", "ssss3333y33"),
    line("POST", "/api/join", r#"{"code":"nonsense"}"#, "UybUUUUUUUU"),
    line("POST", "/api/return", "{RETURN}", "11111111111"),
    line("POST", "/api/sync", "{SYNC}", "1yO11111111"),
    line("POST", "/api/pair", "{}", "1bb11111111"),
    line("POST", "/api/calendar", "{}", "13311111111"),
    line("POST", "/api/calendar/end", "{}", "1bb11111111"),
    line("POST", "/api/return-key", "{}", "1yb11111111"),
    line("POST", "/join", "code=nonsense", "UbbUUUUUUUU"),
    line("POST", "/check-in", "{SHARE}", "1bb11111111"),
    line(
        "POST",
        "/take-part/{opportunity}/sign-up",
        "{REQUEST}",
        "1Ub11111111",
    ),
    // There is no such group.
    line(
        "POST",
        "/take-part/groups/{group}",
        "{JOIN_GROUP}",
        "1UU11111111",
    ),
    line(
        "POST",
        "/staff/set-up/{token}",
        "name=A&email=a%40b&password=lived+experience",
        "44444444444",
    ),
    line(
        "POST",
        "/staff/sign-in",
        "email=nobody%40demo.example&password=wrong",
        "UUUUUUUUUUU",
    ),
    but(
        BUT_SIGN_UPS,
        line(
            "POST",
            "/staff/sign-ups/{id}/note",
            "note=Rang",
            "ssssbbbbb33",
        ),
    ),
    but(
        BUT_SIGN_UPS,
        line("POST", "/staff/sign-ups/{id}/offer", "", "ssssbbbbbb4"),
    ),
    but(
        BUT_SIGN_UPS,
        line("POST", "/staff/sign-ups/{id}/confirm", "", "ssssbbbbbb4"),
    ),
    but(
        BUT_SIGN_UPS,
        line("POST", "/staff/sign-ups/many", "{MANY}", "ssssbbbbbbb"),
    ),
    but(
        BUT_SIGN_UPS,
        line("POST", "/staff/sign-ups/export", "needs=1", "ssssbbbbbbb"),
    ),
    but(
        BUT_SIGN_UPS,
        line("POST", "/staff/sign-ups/{id}/came", "", "ssssbbbbbb4"),
    ),
    but(
        BUT_SIGN_UPS,
        line(
            "POST",
            "/staff/sign-ups/{id}/thank",
            "message=Thanks",
            "ssssbbbbbb4",
        ),
    ),
    but(
        BUT_SIGN_UPS,
        line("POST", "/staff/sign-ups/{id}/not-there", "", "ssssbbbbbb4"),
    ),
    but(
        BUT_SIGN_UPS,
        line(
            "POST",
            "/staff/sign-ups/{id}/safety",
            "{WORRY}",
            "1111bbbbbb4",
        ),
    ),
    but(
        BUT_SIGN_UPS,
        line(
            "POST",
            "/staff/sign-ups/{id}/cancel",
            "message=Sorry",
            "ssssbbbbbb4",
        ),
    ),
    line(
        "POST",
        "/staff/opportunities",
        "title=New&area=other&group={GROUP}",
        "ssssbbbbbbU",
    ),
    line(
        "POST",
        "/staff/opportunities/{id}/autosave",
        "version=2&editor=a&title=Words&purpose=P&what_happens=H&what_next=N&group={GROUP}",
        "ssssbbbbbb4",
    ),
    line(
        "POST",
        "/staff/opportunities/{id}/edit",
        "version=3&editor=a&title=Words&purpose=P&what_happens=H&what_next=N&group={GROUP}",
        "ssssbbbbbb4",
    ),
    line(
        "POST",
        "/staff/opportunities/{id}/step",
        "step=change",
        "ssssbbbbbb4",
    ),
    line(
        "POST",
        "/staff/opportunities/{id}/forget",
        "",
        "ssssbbbbbb4",
    ),
    line(
        "POST",
        "/staff/opportunities/{id}/letter",
        "name=A&signed=B&organisation=C",
        "ssssbbbbbb4",
    ),
    line(
        "POST",
        "/staff/opportunities/{id}/sessions",
        "zone=Europe%2FLondon&mode=phone",
        "ssssbbbbbb4",
    ),
    line("POST", "/staff/sessions/{id}", "mode=online", "ssssbbbbbb4"),
    line(
        "POST",
        "/staff/sessions/{id}/move",
        "day=2040-03-13&time=10%3A00&zone=Europe%2FLondon&reason=R&step=previewed",
        "ssssbbbbbb4",
    ),
    line(
        "POST",
        "/staff/peers/asks/{id}",
        "step=end&words=Goodbye",
        "ssssbbbbb33",
    ),
    line(
        "POST",
        "/staff/peers/supporters/{id}",
        "step=train&what=Course&day=2026-05-01",
        "ssssbbbbb33",
    ),
    line(
        "POST",
        "/staff/peers/matches/{id}",
        "step=looked",
        "ssss3333333",
    ),
    line(
        "POST",
        "/staff/peers/matches/{id}/safety",
        "{WORRY}",
        "1111bbbbb44",
    ),
    line(
        "POST",
        "/staff/peers/agreement",
        "words=Kindly",
        "ssssbbbbb33",
    ),
    line("POST", "/staff/people/{id}/supporter", "", "ssss44bb433"),
    line("POST", "/staff/check-ins/{id}/take-on", "", "ssss4bb4433"),
    line(
        "POST",
        "/staff/check-ins/{id}/reply",
        "{REPLY}",
        "ssss4yy4433",
    ),
    line(
        "POST",
        "/staff/check-ins/{id}/rang",
        "{RANG}",
        "ssss4bb4433",
    ),
    line(
        "POST",
        "/staff/check-ins/{id}/hand-over",
        "{TO}",
        "ssss4bb4433",
    ),
    line("POST", "/staff/check-ins/{id}/copied", "", "ssss4bb4433"),
    line(
        "POST",
        "/staff/check-ins/{id}/close",
        "read=0",
        "ssss4bb4433",
    ),
    line(
        "POST",
        "/staff/check-ins/{id}/safety",
        "{WORRY}",
        "11114bb4444",
    ),
    line(
        "POST",
        "/staff/experiences/{id}/safety",
        "{WORRY}",
        "11114bb4444",
    ),
    line(
        "POST",
        "/staff/experiences/{id}",
        "step=take_on",
        "ssss4bb4433",
    ),
    line(
        "POST",
        "/staff/experiences/{id}/reply",
        "{REPLY}",
        "ssss4bb4433",
    ),
    line(
        "POST",
        "/staff/experiences/{id}/came-to",
        "state=planned&message=Soon&step=previewed",
        "ssss4bb4433",
    ),
    line(
        "POST",
        "/staff/experiences/{id}/story",
        "step=write&text=Hello&version=0",
        "ssss4bb4433",
    ),
    line(
        "POST",
        "/staff/experiences/settings",
        "step=line&kind=advocacy&label=A&number=1&address=&words=&place=1",
        "ssss333b333",
    ),
    but(BUT_SIGN_UPS, line("GET", "/staff/enter", "", "ssssbbbbbbb")),
    line("POST", "/staff/enter", "{ENTER}", "ssssUUUUUUU"),
    line("GET", "/staff/people/{id}/sign-up", "", "ssss44yy433"),
    but(
        BUT_NAMES,
        line(
            "POST",
            "/staff/people/{id}/sign-up",
            "{ENTER}",
            "ssss44UU433",
        ),
    ),
    line("POST", "/staff/people/{id}/leads", "{LEADS}", "ssss44bb433"),
    line(
        "POST",
        "/staff/people/{id}/leads/end",
        "{LEADS}",
        "ssss44bb433",
    ),
    line(
        "POST",
        "/staff/people/{id}/new-phone",
        "how=in_person",
        "ssss44yy433",
    ),
    line(
        "POST",
        "/staff/people/{id}/lost/{device}",
        "how=in_person&asked_by=Sam&asked_when=now",
        "ssss44bb433",
    ),
    line("POST", "/staff/join-codes", "{CODE}", "ssssUUbbU33"),
    line("POST", "/staff/join-codes/{code}/stop", "", "ssss44bb433"),
    line("POST", "/staff/audit/export", "", "ssss333y333"),
    line("POST", "/staff/help-now/{id}/checked", "", "ssssbbbbb33"),
    line("POST", "/staff/help-now/{id}/place", "", "ssss333b333"),
    line("POST", "/staff/help-now/{id}", "{LINE}", "ssss333b333"),
    line("POST", "/staff/help-now/new", "{LINE}", "ssss333b333"),
    line("POST", "/staff/help-now/{id}/take-away", "", "ssss333b333"),
    line("POST", "/staff/help-now/start", "", "ssss333b333"),
    line(
        "POST",
        "/staff/teams/{id}",
        "name=Harbour&zone=Europe%2FLondon",
        "ssss333b333",
    ),
    line(
        "POST",
        "/staff/retention",
        "check_in=400&sign_up=400&group_message=500&suggestion=500&experience=500&audit=2500",
        "ssss333b333",
    ),
    line(
        "POST",
        "/staff/changes",
        "area=wording&group={GROUP}",
        "ssssbbbbbbU",
    ),
    line(
        "POST",
        "/staff/changes/{id}/step",
        "step=agree&version=1",
        "ssssbbbbbb4",
    ),
    line(
        "POST",
        "/staff/changes/{id}/edit",
        "version=2&editor=a&you_said=Words&group={GROUP}",
        "ssssbbbbbb4",
    ),
    line(
        "POST",
        "/staff/changes/{id}/autosave",
        "version=3&editor=a&you_said=More+words&group={GROUP}",
        "ssssbbbbbb4",
    ),
    line("POST", "/staff/changes/{id}/correct", "", "ssssUUUUUU4"),
    line(
        "POST",
        "/staff/changes/{id}/take-down",
        "why=It+is+wrong",
        "ssssUUUUUU4",
    ),
    line("POST", "/staff/changes/{id}/forget", "", "ssssbbbbbb4"),
    line("POST", "/staff/learning/{id}", "edition=1", "ssssbbbbbbb"),
    line(
        "POST",
        "/staff/learning/notes",
        "group={GROUP}",
        "ssssbbbbbbU",
    ),
    line(
        "POST",
        "/staff/learning/notes/{id}/edit",
        "version=3",
        "ssssUUUUUU4",
    ),
    line(
        "POST",
        "/staff/learning/notes/{id}/autosave",
        "version=3",
        "ssssOOOOOO4",
    ),
    line(
        "POST",
        "/staff/learning/notes/{id}/step",
        "step=approve&version=3",
        "ssssUUUUUU4",
    ),
    line(
        "POST",
        "/staff/learning/notes/{id}/again",
        "",
        "ssssbbbbbb4",
    ),
    line(
        "POST",
        "/staff/learning/notes/{id}/forget",
        "",
        "ssssUUUUUU4",
    ),
    line(
        "POST",
        "/staff/learning/notes/{id}/answer",
        "question={GROUP}&answer=Yes",
        "ssssUUUUUU4",
    ),
    line(
        "POST",
        "/staff/learning/trainings",
        "title=Words&group={GROUP}",
        "ssssbbbbbbU",
    ),
    line(
        "POST",
        "/staff/learning/trainings/{training}",
        "version=0&title=Words",
        "ssssbbbbbb4",
    ),
    line(
        "POST",
        "/staff/learning/trainings/{training}/step",
        "version=0",
        "ssssUUUUUU4",
    ),
    line(
        "POST",
        "/staff/groups",
        "title=Letters&area=wording",
        "ssssbbbbb33",
    ),
    line(
        "POST",
        "/staff/groups/{id}/edit",
        "title=A&does=B&led_by=C&agreement=D&step=see",
        "ssssbbbbbb4",
    ),
    line(
        "POST",
        "/staff/groups/{id}/step",
        "step=pause",
        "ssssbbbbb33",
    ),
    line(
        "POST",
        "/staff/groups/{id}/end",
        "version=-1",
        "ssssOOOOO33",
    ),
    line("POST", "/staff/groups/{id}/forget", "", "ssssUUUUU33"),
    line("POST", "/staff/groups/{id}/leads", "{WHOM}", "ssss33bb333"),
    line("POST", "/staff/groups/{id}/backup", "{WHOM}", "ssss33bb333"),
    line(
        "POST",
        "/staff/groups/{id}/people/{person}",
        "step=pause&why=Talk+first",
        "ssss33b33b4",
    ),
    line(
        "POST",
        "/staff/groups/{id}/messages",
        "{WRITES}",
        "ssss33b33b4",
    ),
    line(
        "POST",
        "/staff/groups/{id}/messages/{message}",
        "step=hide&why=Kind",
        "ssss33b33b4",
    ),
    line("POST", "/staff/mail", "do=never", "ssssbbbbbbb"),
    line("POST", "/staff/mail/usual", "do=never", "ssss333b333"),
    line(
        "POST",
        "/staff/safety/settings",
        "version=1&steps=Ring&lead_name=A&lead_phone=01632+960+200&deputy_name=B&deputy_phone=01632+960+201",
        "1111333b333",
    ),
    but(
        BUT_NAMES,
        line("POST", "/staff/safety/new", "{WORRY}", "1111bbbbbbb"),
    ),
    line("POST", "/staff/safety/{record}", "{WORRY}", "11113333b33"),
    line(
        "POST",
        "/staff/sessions/{id}/cancel",
        "message=Sorry&step=previewed",
        "ssssbbbbbb4",
    ),
    line(
        "POST",
        "/staff/opportunities/{id}/report",
        "message=Done&step=previewed",
        "ssssUUUUUU4",
    ),
    line(
        "POST",
        "/staff/opportunities/{id}/cancel",
        "message=Sorry&step=previewed",
        "ssssbbbbbb4",
    ),
    line("POST", "/staff/sign-in/code", "code=123456", "sssssssssss"),
    line(
        "POST",
        "/staff/invite/{token}",
        "password=lived+experience",
        "44444444444",
    ),
    line(
        "POST",
        "/staff/prove",
        "prove.password=wrong",
        "ssssUUUUUUU",
    ),
    line(
        "POST",
        "/staff/account/password",
        "current=wrong&password=another+long+one",
        "ssssUUUUUUU",
    ),
    line(
        "POST",
        "/staff/account/two-step",
        "code=000000",
        "ssssUUUUUUU",
    ),
    line(
        "POST",
        "/staff/account/calendar",
        "which=all",
        "ssssbbbbbbb",
    ),
    line(
        "POST",
        "/staff/account/calendar/sessions",
        "which=some",
        "ssssUUUUUUU",
    ),
    line("POST", "/staff/account/calendar/end", "", "ssssbbbbbbb"),
    line("POST", "/staff/account/recovery-codes", "", "ssssbbbbbbb"),
    line("POST", "/staff/account/two-step/off", "", "ssssbbbbbbb"),
    line(
        "POST",
        "/staff/accounts/invite",
        "email=noor%40demo.example&name=Noor&role=admin",
        "ssss333b333",
    ),
    line(
        "POST",
        "/staff/accounts/invites/{id}/again",
        "",
        "ssss3334333",
    ),
    line(
        "POST",
        "/staff/accounts/invites/{id}/end",
        "",
        "ssss3334333",
    ),
    line("POST", "/staff/accounts/two-step", "must=no", "ssss333b333"),
    line(
        "POST",
        "/staff/accounts/{id}",
        "name=Priya&role=staff",
        "ssss333b333",
    ),
    line("POST", "/staff/accounts/{id}/sign-out", "", "ssss333b333"),
    line(
        "POST",
        "/staff/accounts/{id}/reset-two-step",
        "",
        "ssss333b333",
    ),
    line("POST", "/staff/accounts/{id}/disable", "", "ssss333b333"),
    line("POST", "/staff/accounts/{id}/enable", "", "ssss333b333"),
    line(
        "POST",
        "/staff/account/sign-out-everywhere",
        "",
        "sssssssssss",
    ),
    line("POST", "/staff/sign-out", "", "sssssssssss"),
    line("POST", "/api/leave", "{}", "bbbbbbbbbbb"),
];

/// A site with everyone in it, as one of them meets it.
struct Scene<'a> {
    site: &'a Site,
    cookie: Option<String>,
    harbour: TeamId,
    member: MemberId,
    /// The member's own phone, and another one of theirs.
    devices: [DeviceId; 2],
    check_in: CheckInId,
    plan: Uuid,
    experience: ExperienceId,
    sign_up: SignUpId,
    opportunity: String,
    session: String,
    record: Uuid,
    to: StaffId,
    help_line: HelpLineId,
    group: Inside,
    change: ChangeId,
    note: NoteId,
    training: TrainingId,
    /// An ask of peer support, the peer and the match.
    peers: (PeerAskId, MemberId, PeerMatchId),
}

/// A group that Tom of the team leads, with somebody in it who wrote something.
struct Inside {
    id: GroupId,
    person: String,
    message: Uuid,
    document: DocumentId,
    suggestion: SuggestionId,
}

/// Makes the group; its backup is `backup`, who does not try anything.
async fn has_group(site: &Site, backup: StaffId, phone: &mut Phone<'_>) -> Inside {
    let id = GroupId(Uuid::now_v7());
    let group = Group {
        area: Area::Wording,
        title: "Letters".into(),
        does: "We read letters".into(),
        who_for: None,
        meets: None,
        led_by: Some("Tom".into()),
        backup: None,
        came_of_it: None,
        agreement: Agreement {
            version: 1,
            text: "Kindly".into(),
        },
        state: GroupState::Open,
    };
    let made = site.app.writer.run(move |tx| {
        Box::pin(async move {
            groups::add(&mut *tx, id, &group, backup, 0).await?;
            groups::set_backup(&mut *tx, id, Some(backup)).await?;
            groups::publish(tx, id).await
        })
    });
    made.await.expect("a group");
    let mut join = InGroup::new(GroupAct::Join, id);
    join.agreement = Some(1);
    let message = Uuid::now_v7();
    let words = Some(WRITTEN.to_owned());
    let writes = InGroup::about(GroupAct::Write, id, message, words);
    for it in [join, writes] {
        assert_eq!(phone.does(&Command::from(it)).await, "applied");
    }
    let person = sqlx::query_scalar("select id from group_people")
        .fetch_one(&site.app.db.pool)
        .await
        .expect("somebody in the group");
    let (document, suggestion) = crate::words::said_in(site, Some(id), phone, SUGGESTED).await;
    Inside {
        id,
        person,
        message,
        document,
        suggestion,
    }
}

/// Whoever of these works here leads the group from the desk.
async fn leads(site: &Site, group: GroupId, name: &str, by: StaffId) {
    let email = format!("{name}@demo.example");
    let work = site.app.writer.run(move |tx| {
        Box::pin(async move {
            if let Some(id) = accounts::by_email(&mut *tx, &email).await? {
                groups::leads::add_account(tx, group, id, (by, 0)).await?;
            }
            Ok(())
        })
    });
    work.await.expect("a lead");
}

async fn covers(site: &Site, team: TeamId, by: TeamId) {
    let details = Details {
        name: "Harbour".into(),
        hours: None,
        phone: None,
        cover: Some(by),
    };
    let change = site
        .app
        .writer
        .run(move |tx| Box::pin(async move { teams::change(tx, team, &details).await }));
    change.await.expect("a team is covered");
}

/// What the member tells their team of their experience.
fn tells(team: TeamId) -> (ExperienceId, Command) {
    let told = an_experience(Reader::Team(team), EXPERIENCE);
    let id = told.experience;
    (id, Command::from(Says::Send(Box::new(told))))
}

async fn scene(site: &Site, who: Who) -> Scene<'_> {
    let harbour = site.team("Harbour", "STAR-1").await;
    let quay = site.team("Quay", "QUAY-1").await;
    let lookout = site.team("Lookout", "LOOK-1").await;
    covers(site, harbour, quay).await;
    let session = site.session(Gives::Staff, None).await;
    site.at_two(session).await;
    let mut phone = Phone::new(site);
    let body = json!({ "code": "STAR-1", "name": NAME, "device": phone.device });
    let joined: app::sync::wire::JoinResponse = phone.post("/api/join", &body).await.json();
    phone.member = Some(joined.member);
    phone.sync(&[]).await;
    let (check_in, share) = a_share(harbour);
    let (sign_up, request) = a_request(session);
    let plan = a_plan(harbour, PLAN);
    let (experience, told) = tells(harbour);
    for command in [share, request, plan.clone().into(), told] {
        assert_eq!(phone.does(&command).await, "applied");
    }
    let mut signed_out = added(&mut phone).await;
    let second = added(&mut phone).await.device;
    phone.does(&Command::SignOutDevice(signed_out.device)).await;

    let to = hire(site, "priya", Role::Staff, &[harbour]).await;
    let group = has_group(site, to, &mut phone).await;
    let lead = hire(site, "lee", Role::Staff, &[]).await;
    name_readers(site, &[lead]).await;
    let mut writes = signed_in(site, "priya").await;
    let record = Uuid::now_v7();
    let about = format!("/staff/check-ins/{check_in}/safety");
    assert_eq!(writes.post(&about, &worry(record, WORRY)).await.status, 303);
    let cookie = match who {
        Who::Member => phone.cookie.take(),
        Who::SignedOut => signed_out.cookie.take(),
        who => comes(site, who, [harbour, quay, lookout]).await,
    };
    let led = match who {
        Who::RunsAnother => a_group(site, "Panels").await,
        _ => group.id,
    };
    leads(site, led, "vi", to).await;
    leads(site, group.id, "tom", to).await;
    let opportunity = its_opportunity(site).await;
    let its_id = opportunity.parse().expect("its id");
    moves(site, to, its_id, Some(group.id)).await;
    let (note, training) = has_learning(site, to, group.id).await;
    let peers = crate::peers::for_roles(site, to, PEER).await;
    Scene {
        site,
        cookie,
        harbour,
        member: joined.member,
        devices: [phone.device, second],
        check_in,
        plan: plan.plan,
        experience,
        sign_up,
        opportunity,
        session: session.to_string(),
        record,
        to,
        help_line: shown_line(site).await,
        change: has_change(site, to, group.id).await,
        note,
        training,
        group,
        peers,
    }
}

/// The opportunity of the one session.
async fn its_opportunity(site: &Site) -> String {
    sqlx::query_scalar("select opportunity from sessions")
        .fetch_one(&site.app.db.pool)
        .await
        .expect("the session's opportunity")
}

/// The cookie of somebody who has none yet.
async fn comes(site: &Site, who: Who, [harbour, quay, lookout]: [TeamId; 3]) -> Option<String> {
    match who {
        Who::Nobody | Who::Member | Who::SignedOut => None,
        Who::OtherMember => site.joined("LOOK-1").await.cookie,
        Who::OtherTeam => works(site, "far", Role::Staff, &[lookout]).await,
        Who::Cover => works(site, "kit", Role::Staff, &[quay]).await,
        Who::Staff => works(site, "tom", Role::Staff, &[harbour]).await,
        Who::Admin => works(site, "ada", Role::Admin, &[]).await,
        Who::Lead => signed_in(site, "lee").await.cookie,
        Who::Runs | Who::RunsAnother => works(site, "vi", Role::Lead, &[]).await,
    }
}

/// Something that changed, as one of the team wrote it for the group; nobody has agreed yet.
async fn has_change(site: &Site, by: StaffId, group: GroupId) -> ChangeId {
    let said = |words: &str| words.to_owned();
    let start = changes::Start {
        plan: ChangePlan {
            you_said: said("It is heavy"),
            we_did: said("It is lighter"),
            why: said("People asked"),
            who_took_part: said("Six people"),
            ..ChangePlan::new(Area::Wording, Some(group))
        },
        source: None,
    };
    let work = site
        .app
        .writer
        .run(move |tx| Box::pin(async move { changes::start(tx, Some(by), 0, &start).await }));
    work.await.expect("a change")
}

/// A note of the group that staff read, and a training that it is making.
async fn has_learning(site: &Site, by: StaffId, group: GroupId) -> (NoteId, TrainingId) {
    let training = TrainingId(Uuid::now_v7());
    let plan = NotePlan {
        new_words: "Small steps".into(),
        why: "People asked".into(),
        differently: "Ask what would help".into(),
        significant: true,
        ..NotePlan::new(Some(group))
    };
    let start = learning::Start { plan, change: None };
    let work = site.app.writer.run(move |tx| {
        Box::pin(async move {
            let note = learning::start(&mut *tx, Some(by), 0, &start).await?;
            let row = notes::find(&mut *tx, note).await?;
            notes::publish(&mut *tx, &row, 1, (by, 0)).await?;
            trainings::add(tx, training, group, "Words", (by, 0)).await?;
            Ok(note)
        })
    });
    (work.await.expect("a note"), training)
}

/// A help line, as an admin would have put it there.
async fn shown_line(site: &Site) -> HelpLineId {
    let id = HelpLineId(Uuid::now_v7());
    let kept = Kept {
        line: built_in().remove(0),
        checked_by: None,
        check_by: None,
    };
    let work = site
        .app
        .writer
        .run(move |tx| Box::pin(async move { publish::help_line(tx, id, &kept).await }));
    work.await.expect("a help line");
    id
}

async fn works(site: &Site, name: &str, role: Role, teams: &[TeamId]) -> Option<String> {
    hire(site, name, role, teams).await;
    let desk: Desk<'_> = signed_in(site, name).await;
    desk.cookie
}

fn worry(entry: Uuid, words: &str) -> String {
    let worry = escape(words);
    let told = "told=Amina&told_at=2026-11-23T14%3A02&decided=Visit&decided_by=Amina";
    format!("entry={entry}&worry={worry}&{told}")
}

impl Scene<'_> {
    fn path(&self, route: &str) -> String {
        let id = match route.split('/').nth(2) {
            Some("sign-ups") => self.sign_up.to_string(),
            Some("opportunities") => self.opportunity.clone(),
            Some("sessions") => self.session.clone(),
            Some("people") => self.member.to_string(),
            Some("groups") => self.group.id.to_string(),
            Some("changes") => self.change.to_string(),
            Some("plans") => self.plan.to_string(),
            Some("experiences") => self.experience.to_string(),
            Some("words") => self.group.document.to_string(),
            Some("learning") => self.note.to_string(),
            Some("teams") => self.harbour.to_string(),
            Some("accounts") => self.to.to_string(),
            Some("help-now") => self.help_line.to_string(),
            Some("peers") => match route.split('/').nth(3) {
                Some("asks") => self.peers.0.to_string(),
                Some("supporters") => self.peers.1.to_string(),
                _ => self.peers.2.to_string(),
            },
            _ => self.check_in.to_string(),
        };
        route
            .replace("{id}", &id)
            .replace("{code}", "STAR1")
            .replace("{training}", &self.training.to_string())
            .replace("{person}", &self.group.person)
            .replace("{message}", &self.group.message.to_string())
            .replace("{suggestion}", &self.group.suggestion.to_string())
            .replace("{version}", "1")
            .replace("{device}", &self.devices[1].to_string())
            .replace("{opportunity}", &self.opportunity)
            .replace("{group}", &Uuid::nil().to_string())
            .replace("{record}", &self.record.to_string())
            .replace("{entry}", &self.record.to_string())
            .replace("{token}", "guessed")
            .replace("{file}", "guessed.ics")
            .replace("{*name}", "guessed.js")
            .trim_end_matches('/')
            .to_owned()
    }

    fn body(&self, sent: &str) -> String {
        match sent {
            "{ENTER}" => format!("form={}", Uuid::now_v7()),
            "{MANY}" => format!("do=cancel&sign_up={}", self.sign_up),
            "{LEADS}" => format!("opportunity={}", self.opportunity),
            "{SYNC}" => json!({ "protocol": 1, "device": self.devices[0], "member": self.member,
                "cursor": null, "commands": [] })
            .to_string(),
            "{RETURN}" => json!({ "member": self.member, "return_key": "guessed",
                "device": self.devices[0] })
            .to_string(),
            "{WORRY}" => worry(Uuid::now_v7(), "Another one"),
            "{SHARE}" => format!(
                "form_id={}&feeling=ok&share=yes&consent=yes",
                Uuid::now_v7()
            ),
            "{REQUEST}" => format!("form_id={}&session={}", Uuid::now_v7(), self.session),
            "{JOIN_GROUP}" => format!("form_id={}&agreement=1", Uuid::now_v7()),
            "{REPLY}" => format!("id={}&message=Hello&step=previewed", Uuid::now_v7()),
            "{RANG}" => format!("id={}", Uuid::now_v7()),
            "{LINE}" => format!(
                "id={}&label=A+line&number=999&hours=Always&cost=Free&check_by=2030-01-01&step=previewed",
                Uuid::now_v7()
            ),
            "{CODE}" => format!("id={}&name=Open+day&team={}", Uuid::now_v7(), self.harbour),
            "{WHOM}" => format!("staff={}&step=give", self.to),
            "{WRITES}" => format!("id={}&words=Hello", Uuid::now_v7()),
            "{TO}" => format!("to={}", self.to),
            other => other.replace("{GROUP}", &self.group.id.to_string()),
        }
    }

    async fn tries(&self, line: &Line, is_sent_away: bool) -> Answer {
        let method: Method = line.method.parse().expect("a method");
        let kind = if line.route.starts_with("/api/") {
            "application/json"
        } else {
            "application/x-www-form-urlencoded"
        };
        let mut request = Request::builder()
            .method(method)
            .uri(self.path(line.route))
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, kind);
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let request = request.body(Body::from(self.body(line.sent)));
        let request = request.expect("a request");
        if line.route == "/staff/events" && !is_sent_away {
            // It does not end: only whether it begins is asked.
            let (status, _) = self.site.listen(request).await;
            return Answer {
                status,
                headers: Default::default(),
                body: Vec::new(),
            };
        }
        self.site.send(request).await
    }
}

/// What an answer is, as a letter of [`Line::seen`]: `y` and `b` are told apart by what is expected.
fn letter(answer: &Answer, expected: char) -> char {
    let status = answer.status.as_u16();
    match status {
        _ if expected == 'a' => 'a',
        200..=204 => expected_of("yb", expected),
        303 if answer.header("location").starts_with("/staff/sign-in") => 's',
        303 => expected_of("yb", expected),
        401 => '1',
        403 => '3',
        404 => '4',
        409 => 'O',
        422 => 'U',
        _ => '?',
    }
}

fn expected_of(these: &str, expected: char) -> char {
    if these.contains(expected) {
        expected
    } else {
        'y'
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_does_for_each_what_it_may_and_shows_nothing_else() {
    let mut wrong = Vec::new();
    for (at, who) in EVERYONE.into_iter().enumerate() {
        let site = Site::new().await;
        let scene = scene(&site, who).await;
        for line in LINES {
            let expected = line.seen.chars().nth(at).expect("a letter for everyone");
            let answer = scene.tries(line, expected == 's').await;
            let found = letter(&answer, expected);
            let (method, route) = (line.method, line.route);
            if found != expected {
                let status = answer.status;
                wrong.push(format!(
                    "{who:?} {method} {route}: {status}, not {expected}"
                ));
            }
            let body = String::from_utf8_lossy(&answer.body);
            // Whose sign-ups are not theirs learns nothing of them anywhere.
            let secrets = if who == Who::RunsAnother {
                ALL
            } else {
                line.secrets
            };
            let told = secrets.iter().find(|secret| body.contains(**secret));
            if let Some(secret) = told.filter(|_| found != 'y') {
                wrong.push(format!("{who:?} {method} {route} tells {secret:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every `.route(` in the sources below this folder, with its methods.
fn routes_in(folder: &Path, found: &mut BTreeSet<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            routes_in(&path, found);
            continue;
        }
        let source = fs::read_to_string(&path).expect("a source");
        let nested = path.components().any(|part| part.as_os_str() == "staff");
        for rest in source.split(".route(").skip(1) {
            let Some(rest) = rest.trim_start().strip_prefix('"') else {
                continue;
            };
            let (route, rest) = rest.split_once('"').expect("the end of an address");
            let handlers = rest.split(".merge(").next().unwrap_or_default();
            let handlers = handlers.split("\n}").next().unwrap_or_default();
            let before = if nested { "/staff" } else { "" };
            for method in ["get", "post", "put", "delete", "patch", "any"] {
                let called = format!("{method}(");
                let follows =
                    |at: usize| !handlers[..at].ends_with(|it: char| it.is_alphanumeric());
                if handlers.match_indices(&called).any(|(at, _)| follows(at)) {
                    let route = format!("{before}{route}");
                    found.insert((method.to_uppercase(), route));
                }
            }
        }
    }
}

#[test]
fn every_route_has_its_line() {
    let mut routes = BTreeSet::new();
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/src/http");
    routes_in(&sources, &mut routes);
    let lines = LINES
        .iter()
        .map(|line| (line.method.to_owned(), line.route.to_owned()));
    assert_eq!(routes, lines.collect());
}
