//! Join codes that staff make: what each opens and for how long, who sees them, who joined by which; and
//! a member who is called something else.

use crate::{
    database::flags,
    desk::{Desk, at_the_desk, escape, hire, page, signed_in},
    site::{Phone, Site, record, wire},
    sync::a_request,
};
use app::{
    domain::{
        command::Command,
        id::{MemberId, TeamId},
        member::{Named, Rename},
        opportunity::Gives,
        sign_up::SignUpState,
    },
    sync::wire::JoinResponse,
};
use clap::Parser;
use serde_json::json;
use server::{
    cli::Cli,
    clock,
    db::{join_codes::NewCode, staff::Role},
    verify,
};
use sqlx::Row;
use uuid::Uuid;

fn form(team: Option<TeamId>, with: &[(&str, &str)]) -> String {
    let (id, team) = (
        Uuid::now_v7().to_string(),
        team.map(|team| team.to_string()),
    );
    let mut fields = vec![
        ("id", id.as_str()),
        ("name", "Spring open day"),
        ("team", team.as_deref().unwrap_or_default()),
    ];
    for (name, value) in with {
        fields.retain(|(found, _)| found != name);
        fields.push((name, value));
    }
    let fields = fields.iter();
    let fields = fields.map(|(name, value)| format!("{name}={}", escape(value)));
    fields.collect::<Vec<_>>().join("&")
}

/// Makes a code at the desk; gives it as compared.
async fn makes(desk: &mut Desk<'_>, team: Option<TeamId>, with: &[(&str, &str)]) -> String {
    let answer = desk.post("/staff/join-codes", &form(team, with)).await;
    assert_eq!(answer.status, 303, "{}", page(&answer));
    let to = answer.header("location").to_owned();
    let code = to.strip_prefix("/staff/join-codes/").unwrap();
    code.split('?').next().unwrap().to_owned()
}

async fn joins(site: &Site, code: &str, name: &str) -> (u16, String) {
    let body = json!({ "code": code, "name": name });
    let answer = Phone::new(site).post("/api/join", &body).await;
    if answer.status == 200 {
        return (200, answer.json::<JoinResponse>().member.to_string());
    }
    answer.code()
}

async fn admin(site: &Site) -> Desk<'_> {
    hire(site, "ada", Role::Admin, &[]).await;
    signed_in(site, "ada").await
}

async fn audited(site: &Site) -> Vec<(String, String)> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("select action, subject from audit order by id")
            .fetch_all(&site.app.db.pool)
            .await
            .unwrap();
    rows
}

async fn is_sound(site: &Site) {
    let faults = verify::database(&site.app.config.store).await.unwrap();
    assert_eq!(faults, Vec::<String>::new());
}

#[tokio::test]
async fn a_code_made_at_the_desk_opens_the_door_of_its_team_and_the_desk_says_who_came() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let code = makes(&mut priya, Some(harbour), &[]).await;
    assert_eq!(code.len(), 8);
    assert!(!code.contains(['0', 'O', '1', 'I']));
    let spoken = format!("{} {}", code[..4].to_lowercase(), &code[4..]);
    let mut phone = Phone::new(&site);
    let body = json!({ "code": spoken, "name": "Femi" });
    let joined: JoinResponse = phone.post("/api/join", &body).await.json();
    assert_eq!(joined.team, Some(harbour));

    let one = priya.read(&format!("/staff/join-codes/{code}")).await;
    assert!(one.contains(">Femi<") && one.contains("Spring open day"));
    let shown = format!("{}-{}", &code[..4], &code[4..]);
    assert!(one.contains(&format!("/join/<wbr>{shown}")) && one.contains("<svg class=\"qr\""));
    let list = priya.read("/staff/join-codes").await;
    assert!(
        list.contains(&shown) && list.contains("<td role=\"cell\" data-label=\"Joined by it\">1<")
    );
    let person = priya
        .read(&format!("/staff/people/{}", joined.member))
        .await;
    assert!(person.contains(&format!("/staff/join-codes/{code}")));
    assert!(person.contains("with Spring open day."));
    assert_eq!(
        audited(&site).await,
        [("join_code.make".to_owned(), code.clone())]
    );
    hire(&site, "ada", Role::Admin, &[]).await;
    let log = signed_in(&site, "ada").await.read("/staff/audit").await;
    assert!(log.contains("Made a join code") && log.contains("Spring open day"));
    is_sound(&site).await;
}

#[tokio::test]
async fn a_code_that_is_stopped_full_or_over_says_kindly_what_to_do() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    let full = makes(&mut ada, None, &[("limit", "1")]).await;
    assert_eq!(joins(&site, &full, "First").await.0, 200);
    assert_eq!(
        joins(&site, &full, "Second").await,
        (422, "code_full".to_owned())
    );

    let stopped = makes(&mut ada, None, &[]).await;
    let asked = ada.read(&format!("/staff/join-codes/{stopped}/stop")).await;
    assert!(asked.contains("Stop the code Spring open day"));
    for _ in 0..2 {
        let path = format!("/staff/join-codes/{stopped}/stop");
        assert_eq!(ada.post(&path, "").await.status, 303);
    }
    assert_eq!(
        joins(&site, &stopped, "Third").await,
        (422, "code_stopped".to_owned())
    );

    let today = clock::day("Europe/London", clock::now_ms());
    let ends = makes(&mut ada, None, &[("until", &today)]).await;
    assert_eq!(
        joins(&site, &ends, "Fourth").await.0,
        200,
        "its last day counts"
    );
    let ended = "update join_codes set ends_at = 1 where ends_at is not null";
    let work = site.app.writer.run(move |tx| {
        Box::pin(async move {
            sqlx::query(ended).execute(tx).await?;
            Ok(())
        })
    });
    work.await.unwrap();
    let body = json!({ "code": ends });
    let answer = Phone::new(&site).post("/api/join", &body).await;
    assert_eq!(answer.code(), (422, "code_ended".to_owned()));
    let said: app::sync::wire::ErrorBody = answer.json();
    assert!(
        said.message.contains("Ask your service for a new one."),
        "{}",
        said.message
    );
    assert_eq!(
        joins(&site, "nonsense", "Fifth").await,
        (422, "unknown_code".to_owned())
    );

    let over = ada.read("/staff/join-codes?show=over").await;
    for says in ["Full", "Stopped today", "Ended 1 January 1970", "1 of 1"] {
        assert!(over.contains(says), "{says}: {over}");
    }
    // What does not open any more is not printed.
    for code in [full, stopped, ends] {
        let path = format!("/staff/join-codes/{code}/poster");
        assert_eq!(ada.open(&path).await.status, 404);
        assert!(
            !ada.read(&format!("/staff/join-codes/{code}"))
                .await
                .contains("<svg class=\"qr\"")
        );
    }
    let stops = audited(&site).await;
    let stops = stops
        .iter()
        .filter(|(action, _)| action == "join_code.stop");
    assert_eq!(stops.count(), 1);
    is_sound(&site).await;
}

#[tokio::test]
async fn of_many_at_once_no_more_join_than_may() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    let code = makes(&mut ada, None, &[("limit", "3")]).await;
    let tries = (0..8).map(|_| joins(&site, &code, "Quick"));
    let done = futures_util::future::join_all(tries).await;
    let came = done.iter().filter(|(status, _)| *status == 200).count();
    assert_eq!(came, 3);
    assert!(
        done.iter()
            .all(|(status, code)| *status == 200 || code == "code_full")
    );
    is_sound(&site).await;
}

#[tokio::test]
async fn a_plain_form_says_the_same_and_keeps_what_was_typed() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    let code = makes(&mut ada, None, &[]).await;
    ada.post(&format!("/staff/join-codes/{code}/stop"), "")
        .await;
    let mut nobody = Desk {
        site: &site,
        cookie: None,
    };
    let answer = nobody
        .post("/join", &format!("code={code}&name=Femi"))
        .await;
    let shown = page(&answer);
    assert_eq!(answer.status, 422);
    assert!(shown.contains("That code was stopped.") && shown.contains("Femi"));
}

#[tokio::test]
async fn a_code_that_has_closed_is_no_guess_and_clears_none() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    let code = makes(&mut ada, None, &[]).await;
    ada.post(&format!("/staff/join-codes/{code}/stop"), "")
        .await;
    for _ in 0..20 {
        assert_eq!(joins(&site, &code, "Again").await.1, "code_stopped");
    }
    for at in 0..10 {
        assert_eq!(
            joins(&site, &format!("GUESS{at}"), "x").await.1,
            "unknown_code"
        );
        // Between guesses it does not make them fewer.
        joins(&site, &code, "Again").await;
    }
    assert_eq!(joins(&site, "GUESS", "x").await.1, "too_many");
}

#[tokio::test]
async fn staff_make_and_see_the_codes_of_their_own_teams_and_admins_all() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let lookout = site.team("Lookout", "LOOK-1").await;
    let mut ada = admin(&site).await;
    let (own, other, none) = (
        makes(&mut ada, Some(harbour), &[("name", "For harbour")]).await,
        makes(&mut ada, Some(lookout), &[("name", "For lookout")]).await,
        makes(&mut ada, None, &[("name", "For nobody")]).await,
    );
    joins(&site, &own, "Femi").await;
    joins(&site, &other, "Kim").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let list = priya.read("/staff/join-codes").await;
    assert!(list.contains("For harbour") && !list.contains("For lookout"));
    assert!(!list.contains("For nobody") && !list.contains(&lookout.to_string()));
    for code in [&other, &none] {
        for path in ["", "/stop", "/poster", "/cards"] {
            let path = format!("/staff/join-codes/{code}{path}");
            assert_eq!(priya.open(&path).await.status, 404, "{path}");
        }
        let stop = format!("/staff/join-codes/{code}/stop");
        assert_eq!(priya.post(&stop, "").await.status, 404);
        assert_eq!(joins(&site, code, "Still").await.0, 200);
    }
    for team in [Some(lookout), None] {
        let answer = priya.post("/staff/join-codes", &form(team, &[])).await;
        assert_eq!(answer.status, 422, "{team:?}");
        assert!(page(&answer).contains("one of your own teams"));
    }
    let mut tom = at_the_desk(&site, "tom", &[]).await;
    assert!(
        tom.read("/staff/join-codes")
            .await
            .contains("You are in no team.")
    );
    let all = ada.read("/staff/join-codes").await;
    assert!(
        ["For harbour", "For lookout", "For nobody"]
            .iter()
            .all(|name| all.contains(name))
    );
}

#[tokio::test]
async fn pressing_twice_makes_one_code_and_what_was_typed_wrongly_comes_back() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    let form_of_one = form(None, &[]);
    for _ in 0..2 {
        assert_eq!(
            ada.post("/staff/join-codes", &form_of_one).await.status,
            303
        );
    }
    assert_eq!(audited(&site).await.len(), 1);
    let long = "x".repeat(201);
    for (name, value, says) in [
        ("name", " ", "Please give it a name."),
        ("name", long.as_str(), "too long"),
        ("until", "soon", "The last day is no date."),
        ("until", "2020-01-01", "The last day has passed."),
        ("limit", "0", "a whole number from 1"),
        ("limit", "many", "a whole number from 1"),
        ("team", "nonsense", "one of your own teams"),
        ("id", "nonsense", "open the page again"),
    ] {
        let answer = ada
            .post("/staff/join-codes", &form(None, &[(name, value)]))
            .await;
        let shown = page(&answer);
        assert_eq!(answer.status, 422, "{name} {value}");
        assert!(shown.contains(says), "{name} {value}");
        assert!(shown.contains("value=\"Spring open day\"") || name == "name");
    }
    let hostile = "<script>alert(1)</script>";
    let code = makes(&mut ada, None, &[("name", hostile)]).await;
    for path in [
        "/staff/join-codes".to_owned(),
        format!("/staff/join-codes/{code}"),
    ] {
        assert!(!ada.read(&path).await.contains("<script>alert"), "{path}");
    }
    assert_eq!(audited(&site).await.len(), 2);
}

#[tokio::test]
async fn a_long_list_of_people_goes_on_where_it_ended() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    let code = makes(&mut ada, None, &[]).await;
    for at in 0..30 {
        joins(&site, &code, &format!("Person {at:02}")).await;
    }
    let first = ada.read(&format!("/staff/join-codes/{code}")).await;
    let (_, link) = first
        .split_once(&format!("href=\"/staff/join-codes/{code}?after="))
        .unwrap();
    let after = link.split('"').next().unwrap();
    let second = ada
        .read(&format!("/staff/join-codes/{code}?after={after}"))
        .await;
    for at in 0..30 {
        let name = format!(">Person {at:02}<");
        let times = first.matches(&name).count() + second.matches(&name).count();
        assert_eq!(times, 1, "{name}");
    }
}

#[tokio::test]
async fn paper_says_the_code_the_address_and_not_the_team() {
    let site = Site::with(|config| {
        config.public_url = Some("https://chorus.example/".to_owned());
    })
    .await;
    let harbour = site.team("Quiet minds team", "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let code = makes(&mut priya, Some(harbour), &[("until", "2090-12-25")]).await;
    let shown = format!("{}-{}", &code[..4], &code[4..]);
    for path in ["poster", "cards"] {
        let paper = priya
            .read(&format!("/staff/join-codes/{code}/{path}"))
            .await;
        assert!(
            paper.contains(&format!("chorus.example/join/<wbr>{shown}")),
            "{path}"
        );
        assert!(paper.contains("Until 25 December 2090."));
        assert!(!paper.contains("Quiet minds") && !paper.contains("Spring open day"));
    }
    let cards = priya.read(&format!("/staff/join-codes/{code}/cards")).await;
    assert_eq!(cards.matches("<svg class=\"qr\"").count(), 8);
}

#[tokio::test]
async fn the_command_makes_a_code_with_the_same_options() {
    let site = Site::new().await;
    site.team("Harbour team", "STAR-1").await;
    let [flag, place] = flags(&site.app.config.store);
    let run = async |more: &[&str]| {
        let words = ["chorus", "join-code", "new", &flag, &place];
        let words = words.iter().chain(more);
        Cli::try_parse_from(words)?.run().await
    };
    run(&[
        "--team",
        "Harbour team",
        "--code",
        "OPEN-DAY-1",
        "--name",
        "Open day",
        "--until",
        "2090-12-31",
        "--limit",
        "2",
    ])
    .await
    .unwrap();
    assert_eq!(joins(&site, "openday1", "One").await.0, 200);
    let mut ada = admin(&site).await;
    let list = ada.read("/staff/join-codes").await;
    assert!(
        list.contains("Open day") && list.contains("1 of 2") && list.contains("31 December 2090")
    );
    for wrong in [
        ["--until", "soon"],
        ["--limit", "0"],
        ["--code", "OPENDAY1"],
        ["--code", "short"],
    ] {
        assert!(run(&wrong).await.is_err(), "{wrong:?}");
    }
    is_sound(&site).await;
}

async fn renames(phone: &mut Phone<'_>, member: MemberId, name: Option<&str>) -> String {
    let name = name.map(str::to_owned);
    phone.does(&Command::Rename(Rename { member, name })).await
}

#[tokio::test]
async fn a_new_name_stands_on_the_desk_and_comes_to_the_other_phones() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let session = site.session(Gives::Staff, None).await;
    let mut phone = site.joined("STAR-1").await;
    let member = phone.id();
    phone.sync(&[]).await;
    let mut second = phone.second().await;
    phone.does(&a_request(session).1).await;
    assert_eq!(renames(&mut phone, member, Some(" Kit ")).await, "applied");
    let named: Named = record(&second.sync(&[]).await, member).expect("news");
    assert_eq!(named.name.as_deref(), Some("Kit"));
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    assert!(priya.read("/staff/people").await.contains(">Kit<"));
    assert!(priya.read("/staff/sign-ups").await.contains(">Kit<"));
    is_sound(&site).await;

    assert_eq!(renames(&mut second, member, None).await, "applied");
    let named: Named = record(&phone.sync(&[]).await, member).expect("news");
    assert_eq!(named.name, None);
    assert!(priya.read("/staff/people").await.contains("No name given"));
    is_sound(&site).await;
}

#[tokio::test]
async fn nobody_renames_another_and_no_name_is_that_of_somebody_who_left() {
    let site = Site::new().await;
    site.team("Harbour", "STAR-1").await;
    let (mut one, other) = (site.joined("STAR-1").await, site.joined("STAR-1").await);
    let theirs = other.id();
    assert_eq!(renames(&mut one, theirs, Some("Mine")).await, "not_yours");
    let own = one.id();
    let long = "x".repeat(201);
    for name in ["", "  ", "a\u{7}b", long.as_str()] {
        assert_eq!(
            renames(&mut one, own, Some(name)).await,
            "malformed",
            "{name:?}"
        );
    }
    let rows = sqlx::query("select count(*) from members where name is not null")
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap();
    assert_eq!(rows.get::<i64, _>(0), 0);
}

#[tokio::test]
async fn who_leaves_takes_their_sign_ups_back_and_their_name_and_code_are_gone() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, Some(1)).await;
    let mut ada = admin(&site).await;
    let code = makes(&mut ada, None, &[]).await;
    let mut phone = site.joined(&code).await;
    let member = phone.id();
    let (sign_up, request) = a_request(session);
    let rename = Command::Rename(Rename {
        member,
        name: Some("Kit".into()),
    });
    let sent = [wire(&request), wire(&rename), wire(&Command::Leave(member))];
    let outcomes = phone.sync(&sent).await.outcomes;
    assert!(
        outcomes.iter().all(|outcome| outcome.reason.is_none()),
        "{outcomes:?}"
    );
    let row = sqlx::query("select state from sign_ups where id = $1")
        .bind(sign_up.to_string())
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap();
    let withdrawn = serde_json::to_value(SignUpState::Withdrawn).unwrap();
    assert_eq!(row.get::<String, _>(0), withdrawn.as_str().unwrap());
    let row = sqlx::query("select name, join_code from members where id = $1")
        .bind(member.to_string())
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap();
    assert_eq!(row.get::<String, _>(0), "");
    assert_eq!(row.get::<Option<String>, _>(1), None);
    let one = ada.read(&format!("/staff/join-codes/{code}")).await;
    assert!(one.contains("Nobody whom you may see has joined with it.") && !one.contains("Kit"));
    // It stays counted: a limit is of all who ever joined.
    let list = ada.read("/staff/join-codes").await;
    assert!(list.contains("data-label=\"Joined by it\">1<"));
    assert_eq!(NewCode::default().most, None);
    is_sound(&site).await;
}
