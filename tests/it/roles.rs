//! Who may do what: every route, tried by everyone. A route that is added without a line here fails.
//!
//! Each person has a site of their own with the same people in it, so that what one was allowed to do
//! changes nothing for the next. Where something is refused, or shown to people who may not see what
//! is behind it, none of the words in [`Line::secrets`] is in the answer.

use crate::{
    desk::{Desk, escape, hire, signed_in},
    phones::added,
    safety_settings::name_readers,
    site::{Answer, Phone, Site},
    sync::{a_request, a_share},
};
use app::{
    domain::{
        command::Command,
        id::{CheckInId, DeviceId, HelpLineId, MemberId, SignUpId, StaffId, TeamId},
        opportunity::Gives,
    },
    ui::lines::built_in,
};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::json;
use server::{
    db::{
        help_lines::Kept,
        staff::Role,
        teams::{self, Details},
    },
    publish,
};
use std::{collections::BTreeSet, fs, path::Path};
use uuid::Uuid;

/// Everyone, in the order of [`Line::seen`]: nobody, the member whose things these are, another member, the
/// first one's phone that was signed out, staff of another team, of the team that covers, of the team
/// itself, an admin who is in no team, and whoever an admin named to read about safety.
const EVERYONE: [Who; 9] = [
    Who::Nobody,
    Who::Member,
    Who::OtherMember,
    Who::SignedOut,
    Who::OtherTeam,
    Who::Cover,
    Who::Staff,
    Who::Admin,
    Who::Lead,
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
}

/// Words that only some may read.
const CHECK_IN: &str = "A hard week";
const SIGN_UP: &str = "A quiet room";
const NAME: &str = "Samphire";
const WORRY: &str = "not be here on Friday";
const ALL: &[&str] = &[CHECK_IN, SIGN_UP, NAME, WORRY];
/// Sign-ups are everyone's on the desk.
const BUT_SIGN_UPS: &[&str] = &[CHECK_IN, WORRY];
/// Whoever knows of a record about safety may name who it is about.
const BUT_NAMES: &[&str] = &[CHECK_IN, SIGN_UP, WORRY];

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
    line("GET", "/health/live", "", "bbbbbbbbb"),
    line("GET", "/health/ready", "", "bbbbbbbbb"),
    line("GET", "/api/openapi.json", "", "bbbbbbbbb"),
    line("GET", "/assets/{*name}", "", "aaaaaaaaa"),
    line("GET", "/sw.js", "", "aaaaaaaaa"),
    line("GET", "/manifest.webmanifest", "", "aaaaaaaaa"),
    line("GET", "/shell", "", "bbbbbbbbb"),
    line("GET", "/notes", "", "bbbbbbbbb"),
    line("GET", "/calendar/{file}", "", "444444444"),
    line("GET", "/join", "", "bbbbbbbbb"),
    line("GET", "/check-in", "", "bbbbbbbbb"),
    line("GET", "/take-part/{opportunity}/sign-up", "", "bbbbbbbbb"),
    line("GET", "/staff/", "", "bbbbbbbbb"),
    line("GET", "/staff/set-up/{token}", "", "444444444"),
    line("GET", "/staff/sign-in", "", "bbbbbbbbb"),
    line("GET", "/staff/sign-in/code", "", "sssssssss"),
    line("GET", "/staff/invite/{token}", "", "444444444"),
    line("GET", "/staff/account", "", "ssssbbbbb"),
    line("GET", "/staff/account/two-step", "", "ssssbbbbb"),
    line("GET", "/staff/account/calendar", "", "ssssbbbbb"),
    line("GET", "/staff/account/calendar/end", "", "ssssbbbbb"),
    line("GET", "/staff/accounts", "", "ssss333b3"),
    line("GET", "/staff/accounts/invite", "", "ssss333b3"),
    line("GET", "/staff/accounts/{id}", "", "ssss333b3"),
    but(
        BUT_SIGN_UPS,
        line("GET", "/staff/sign-ups", "", "ssssbbbbb"),
    ),
    but(
        BUT_SIGN_UPS,
        line("GET", "/staff/sign-ups/{id}", "", "ssssbbbbb"),
    ),
    but(
        BUT_SIGN_UPS,
        line("GET", "/staff/sign-ups/{id}/cancel", "", "ssssbbbbb"),
    ),
    but(
        BUT_SIGN_UPS,
        line("GET", "/staff/sign-ups/{id}/safety", "", "ssssbbbbb"),
    ),
    but(
        BUT_SIGN_UPS,
        line("GET", "/staff/sign-ups/{id}/thank", "", "ssssbbbbb"),
    ),
    but(
        BUT_SIGN_UPS,
        line("GET", "/staff/sessions/{id}/register", "", "ssssbbbbb"),
    ),
    line("GET", "/staff/sessions/{id}/calendar.ics", "", "ssssbbbbb"),
    line("GET", "/staff/check-ins", "", "ssssbyybb"),
    line("GET", "/staff/check-ins/{id}", "", "ssss4yy44"),
    line("GET", "/staff/check-ins/{id}/copied", "", "ssss4yy44"),
    line("GET", "/staff/check-ins/{id}/safety", "", "ssss4yy44"),
    line("GET", "/staff/opportunities", "", "ssssbbbbb"),
    line("GET", "/staff/opportunities/new", "", "ssssbbbbb"),
    line("GET", "/staff/opportunities/{id}", "", "ssssbbbbb"),
    line("GET", "/staff/opportunities/{id}/edit", "", "ssssbbbbb"),
    line("GET", "/staff/opportunities/{id}/preview", "", "ssssbbbbb"),
    line(
        "GET",
        "/staff/opportunities/{id}/step",
        "step=close",
        "ssssbbbbb",
    ),
    line("GET", "/staff/opportunities/{id}/forget", "", "ssssbbbbb"),
    line("GET", "/staff/opportunities/{id}/report", "", "ssssUUUUU"),
    line("GET", "/staff/opportunities/{id}/cancel", "", "ssssbbbbb"),
    line("GET", "/staff/opportunities/{id}/letter", "", "ssssbbbbb"),
    line("GET", "/staff/opportunities/{id}/poster", "", "ssssbbbbb"),
    line(
        "GET",
        "/staff/opportunities/{id}/sessions/new",
        "",
        "ssssbbbbb",
    ),
    line("GET", "/staff/sessions/{id}", "", "ssssbbbbb"),
    line("GET", "/staff/sessions/{id}/move", "", "ssssbbbbb"),
    line("GET", "/staff/sessions/{id}/cancel", "", "ssssbbbbb"),
    line("GET", "/staff/people", "", "ssssbbyyb"),
    line("GET", "/staff/people/{id}", "", "ssss44yy4"),
    line("GET", "/staff/people/{id}/lost/{device}", "", "ssss44yy4"),
    line("GET", "/staff/join-codes", "", "ssssbbbbb"),
    line("GET", "/staff/join-codes/{code}", "", "ssss44yy4"),
    line("GET", "/staff/join-codes/{code}/stop", "", "ssss44bb4"),
    line("GET", "/staff/join-codes/{code}/poster", "", "ssss44bb4"),
    line("GET", "/staff/join-codes/{code}/cards", "", "ssss44bb4"),
    line("GET", "/staff/help-now", "", "ssssbbbbb"),
    line("GET", "/staff/help-now/new", "", "ssss333b3"),
    line("GET", "/staff/help-now/{id}", "", "ssss333b3"),
    line("GET", "/staff/help-now/{id}/take-away", "", "ssss333b3"),
    line("GET", "/staff/teams", "", "ssss333b3"),
    line("GET", "/staff/teams/{id}", "", "ssss333b3"),
    line("GET", "/staff/audit", "", "ssss333y3"),
    line("GET", "/staff/retention", "", "ssss333b3"),
    line("GET", "/staff/mail", "", "ssssbbbbb"),
    line("GET", "/staff/events", "", "ssssbbbbb"),
    line("GET", "/staff/safety/settings", "", "ssss333b3"),
    line("GET", "/staff/safety/new", "", "ssssbbbbb"),
    line("GET", "/staff/safety/received/{entry}", "", "ssss44444"),
    line("GET", "/staff/safety", "", "ssss3333y"),
    line("GET", "/staff/safety/{record}", "", "ssss3333y"),
    line("POST", "/api/join", r#"{"code":"nonsense"}"#, "UybUUUUUU"),
    line("POST", "/api/return", "{RETURN}", "111111111"),
    line("POST", "/api/sync", "{SYNC}", "1yO111111"),
    line("POST", "/api/pair", "{}", "1bb111111"),
    line("POST", "/api/calendar", "{}", "133111111"),
    line("POST", "/api/calendar/end", "{}", "1bb111111"),
    line("POST", "/api/return-key", "{}", "1yb111111"),
    line("POST", "/join", "code=nonsense", "UbbUUUUUU"),
    line("POST", "/check-in", "{SHARE}", "1bb111111"),
    line(
        "POST",
        "/take-part/{opportunity}/sign-up",
        "{REQUEST}",
        "1Ub111111",
    ),
    line(
        "POST",
        "/staff/set-up/{token}",
        "name=A&email=a%40b&password=lived+experience",
        "444444444",
    ),
    line(
        "POST",
        "/staff/sign-in",
        "email=nobody%40demo.example&password=wrong",
        "UUUUUUUUU",
    ),
    but(
        BUT_SIGN_UPS,
        line(
            "POST",
            "/staff/sign-ups/{id}/note",
            "note=Rang",
            "ssssbbbbb",
        ),
    ),
    but(
        BUT_SIGN_UPS,
        line("POST", "/staff/sign-ups/{id}/offer", "", "ssssbbbbb"),
    ),
    but(
        BUT_SIGN_UPS,
        line("POST", "/staff/sign-ups/{id}/confirm", "", "ssssbbbbb"),
    ),
    but(
        BUT_SIGN_UPS,
        line("POST", "/staff/sign-ups/many", "{MANY}", "ssssbbbbb"),
    ),
    but(
        BUT_SIGN_UPS,
        line("POST", "/staff/sign-ups/export", "needs=1", "ssssbbbbb"),
    ),
    but(
        BUT_SIGN_UPS,
        line("POST", "/staff/sign-ups/{id}/came", "", "ssssbbbbb"),
    ),
    but(
        BUT_SIGN_UPS,
        line(
            "POST",
            "/staff/sign-ups/{id}/thank",
            "message=Thanks",
            "ssssbbbbb",
        ),
    ),
    but(
        BUT_SIGN_UPS,
        line("POST", "/staff/sign-ups/{id}/not-there", "", "ssssbbbbb"),
    ),
    but(
        BUT_SIGN_UPS,
        line(
            "POST",
            "/staff/sign-ups/{id}/safety",
            "{WORRY}",
            "1111bbbbb",
        ),
    ),
    but(
        BUT_SIGN_UPS,
        line(
            "POST",
            "/staff/sign-ups/{id}/cancel",
            "message=Sorry",
            "ssssbbbbb",
        ),
    ),
    line(
        "POST",
        "/staff/opportunities",
        "title=New&area=other",
        "ssssbbbbb",
    ),
    line(
        "POST",
        "/staff/opportunities/{id}/autosave",
        "version=0&editor=a&title=Words&purpose=P&what_happens=H&what_next=N",
        "ssssbbbbb",
    ),
    line(
        "POST",
        "/staff/opportunities/{id}/edit",
        "version=1&editor=a&title=Words&purpose=P&what_happens=H&what_next=N",
        "ssssbbbbb",
    ),
    line(
        "POST",
        "/staff/opportunities/{id}/step",
        "step=change",
        "ssssbbbbb",
    ),
    line("POST", "/staff/opportunities/{id}/forget", "", "ssssbbbbb"),
    line(
        "POST",
        "/staff/opportunities/{id}/letter",
        "name=A&signed=B&organisation=C",
        "ssssbbbbb",
    ),
    line(
        "POST",
        "/staff/opportunities/{id}/sessions",
        "zone=Europe%2FLondon&mode=phone",
        "ssssbbbbb",
    ),
    line("POST", "/staff/sessions/{id}", "mode=online", "ssssbbbbb"),
    line(
        "POST",
        "/staff/sessions/{id}/move",
        "day=2040-03-13&time=10%3A00&zone=Europe%2FLondon&reason=R&step=previewed",
        "ssssbbbbb",
    ),
    line("POST", "/staff/check-ins/{id}/take-on", "", "ssss4bb44"),
    line(
        "POST",
        "/staff/check-ins/{id}/reply",
        "{REPLY}",
        "ssss4yy44",
    ),
    line("POST", "/staff/check-ins/{id}/rang", "{RANG}", "ssss4bb44"),
    line(
        "POST",
        "/staff/check-ins/{id}/hand-over",
        "{TO}",
        "ssss4bb44",
    ),
    line("POST", "/staff/check-ins/{id}/copied", "", "ssss4bb44"),
    line("POST", "/staff/check-ins/{id}/close", "read=0", "ssss4bb44"),
    line(
        "POST",
        "/staff/check-ins/{id}/safety",
        "{WORRY}",
        "11114bb44",
    ),
    but(BUT_SIGN_UPS, line("GET", "/staff/enter", "", "ssssbbbbb")),
    line("POST", "/staff/enter", "{ENTER}", "ssssUUUUU"),
    line("GET", "/staff/people/{id}/sign-up", "", "ssss44yy4"),
    but(
        BUT_NAMES,
        line("POST", "/staff/people/{id}/sign-up", "{ENTER}", "ssss44UU4"),
    ),
    line("POST", "/staff/people/{id}/leads", "{LEADS}", "ssss44bb4"),
    line(
        "POST",
        "/staff/people/{id}/leads/end",
        "{LEADS}",
        "ssss44bb4",
    ),
    line(
        "POST",
        "/staff/people/{id}/new-phone",
        "how=in_person",
        "ssss44yy4",
    ),
    line(
        "POST",
        "/staff/people/{id}/lost/{device}",
        "how=in_person&asked_by=Sam&asked_when=now",
        "ssss44bb4",
    ),
    line("POST", "/staff/join-codes", "{CODE}", "ssssUUbbU"),
    line("POST", "/staff/join-codes/{code}/stop", "", "ssss44bb4"),
    line("POST", "/staff/audit/export", "", "ssss333y3"),
    line("POST", "/staff/help-now/{id}/checked", "", "ssssbbbbb"),
    line("POST", "/staff/help-now/{id}/place", "", "ssss333b3"),
    line("POST", "/staff/help-now/{id}", "{LINE}", "ssss333b3"),
    line("POST", "/staff/help-now/new", "{LINE}", "ssss333b3"),
    line("POST", "/staff/help-now/{id}/take-away", "", "ssss333b3"),
    line("POST", "/staff/help-now/start", "", "ssss333b3"),
    line(
        "POST",
        "/staff/teams/{id}",
        "name=Harbour&zone=Europe%2FLondon",
        "ssss333b3",
    ),
    line(
        "POST",
        "/staff/retention",
        "check_in=400&sign_up=400&audit=2500",
        "ssss333b3",
    ),
    line("POST", "/staff/mail", "do=never", "ssssbbbbb"),
    line("POST", "/staff/mail/usual", "do=never", "ssss333b3"),
    line(
        "POST",
        "/staff/safety/settings",
        "version=1&steps=Ring&lead_name=A&lead_phone=01632+960+200&deputy_name=B&deputy_phone=01632+960+201",
        "1111333b3",
    ),
    but(
        BUT_NAMES,
        line("POST", "/staff/safety/new", "{WORRY}", "1111bbbbb"),
    ),
    line("POST", "/staff/safety/{record}", "{WORRY}", "11113333b"),
    line(
        "POST",
        "/staff/sessions/{id}/cancel",
        "message=Sorry&step=previewed",
        "ssssbbbbb",
    ),
    line(
        "POST",
        "/staff/opportunities/{id}/report",
        "message=Done&step=previewed",
        "ssssUUUUU",
    ),
    line(
        "POST",
        "/staff/opportunities/{id}/cancel",
        "message=Sorry&step=previewed",
        "ssssbbbbb",
    ),
    line("POST", "/staff/sign-in/code", "code=123456", "sssssssss"),
    line(
        "POST",
        "/staff/invite/{token}",
        "password=lived+experience",
        "444444444",
    ),
    line("POST", "/staff/prove", "prove.password=wrong", "ssssUUUUU"),
    line(
        "POST",
        "/staff/account/password",
        "current=wrong&password=another+long+one",
        "ssssUUUUU",
    ),
    line(
        "POST",
        "/staff/account/two-step",
        "code=000000",
        "ssssUUUUU",
    ),
    line("POST", "/staff/account/calendar", "which=all", "ssssbbbbb"),
    line(
        "POST",
        "/staff/account/calendar/sessions",
        "which=some",
        "ssssUUUUU",
    ),
    line("POST", "/staff/account/calendar/end", "", "ssssbbbbb"),
    line("POST", "/staff/account/recovery-codes", "", "ssssbbbbb"),
    line("POST", "/staff/account/two-step/off", "", "ssssbbbbb"),
    line(
        "POST",
        "/staff/accounts/invite",
        "email=noor%40demo.example&name=Noor&role=admin",
        "ssss333b3",
    ),
    line(
        "POST",
        "/staff/accounts/invites/{id}/again",
        "",
        "ssss33343",
    ),
    line("POST", "/staff/accounts/invites/{id}/end", "", "ssss33343"),
    line("POST", "/staff/accounts/two-step", "must=no", "ssss333b3"),
    line(
        "POST",
        "/staff/accounts/{id}",
        "name=Priya&role=staff",
        "ssss333b3",
    ),
    line("POST", "/staff/accounts/{id}/sign-out", "", "ssss333b3"),
    line(
        "POST",
        "/staff/accounts/{id}/reset-two-step",
        "",
        "ssss333b3",
    ),
    line("POST", "/staff/accounts/{id}/disable", "", "ssss333b3"),
    line("POST", "/staff/accounts/{id}/enable", "", "ssss333b3"),
    line(
        "POST",
        "/staff/account/sign-out-everywhere",
        "",
        "sssssssss",
    ),
    line("POST", "/staff/sign-out", "", "sssssssss"),
    line("POST", "/api/leave", "{}", "bbbbbbbbb"),
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
    sign_up: SignUpId,
    opportunity: String,
    session: String,
    record: Uuid,
    to: StaffId,
    help_line: HelpLineId,
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
    for command in [share, request] {
        assert_eq!(phone.does(&command).await, "applied");
    }
    let mut signed_out = added(&mut phone).await;
    let second = added(&mut phone).await.device;
    phone.does(&Command::SignOutDevice(signed_out.device)).await;

    let to = hire(site, "priya", Role::Staff, &[harbour]).await;
    let lead = hire(site, "lee", Role::Staff, &[]).await;
    name_readers(site, &[lead]).await;
    let mut writes = signed_in(site, "priya").await;
    let record = Uuid::now_v7();
    let about = format!("/staff/check-ins/{check_in}/safety");
    assert_eq!(writes.post(&about, &worry(record, WORRY)).await.status, 303);
    let cookie = match who {
        Who::Nobody => None,
        Who::Member => phone.cookie.take(),
        Who::OtherMember => site.joined("LOOK-1").await.cookie,
        Who::SignedOut => signed_out.cookie.take(),
        Who::OtherTeam => works(site, "far", Role::Staff, &[lookout]).await,
        Who::Cover => works(site, "kit", Role::Staff, &[quay]).await,
        Who::Staff => works(site, "tom", Role::Staff, &[harbour]).await,
        Who::Admin => works(site, "ada", Role::Admin, &[]).await,
        Who::Lead => signed_in(site, "lee").await.cookie,
    };
    let opportunity: String = sqlx::query_scalar("select opportunity from sessions")
        .fetch_one(&site.app.db.pool)
        .await
        .expect("the session's opportunity");
    Scene {
        site,
        cookie,
        harbour,
        member: joined.member,
        devices: [phone.device, second],
        check_in,
        sign_up,
        opportunity,
        session: session.to_string(),
        record,
        to,
        help_line: shown_line(site).await,
    }
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
            Some("teams") => self.harbour.to_string(),
            Some("accounts") => self.to.to_string(),
            Some("help-now") => self.help_line.to_string(),
            _ => self.check_in.to_string(),
        };
        route
            .replace("{id}", &id)
            .replace("{code}", "STAR1")
            .replace("{device}", &self.devices[1].to_string())
            .replace("{opportunity}", &self.opportunity)
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
            "{REPLY}" => format!("id={}&message=Hello&step=previewed", Uuid::now_v7()),
            "{RANG}" => format!("id={}", Uuid::now_v7()),
            "{LINE}" => format!(
                "id={}&label=A+line&number=999&hours=Always&cost=Free&check_by=2030-01-01&step=previewed",
                Uuid::now_v7()
            ),
            "{CODE}" => format!("id={}&name=Open+day&team={}", Uuid::now_v7(), self.harbour),
            "{TO}" => format!("to={}", self.to),
            other => other.to_owned(),
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
            let told = line.secrets.iter().find(|secret| body.contains(**secret));
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
