//! Two-step sign-in: setting it up, codes and recovery codes, and "Is it still you?".

use crate::{
    desk::{Desk, PASSWORD, at_the_desk, escape, hire, page, signed_in},
    site::Site,
};
use server::{clock, db::staff::Role, staff::failures::PER_ACCOUNT};
use totp_rs::{Builder, Secret};

const SET_UP: &str = "/staff/account/two-step";
const CODE: &str = "/staff/sign-in/code";

/// What a phone with this key shows, `later` half minutes from now.
pub fn code(key: &str, later: i64) -> String {
    let secret = Secret::try_from_base32(key).unwrap();
    let phone = Builder::new().with_secret(secret).build().unwrap();
    let seconds = clock::now_ms() / 1000 + later * 30;
    phone.generate(seconds.try_into().unwrap()).to_string()
}

/// The key on the page that sets it up.
fn key_of(page: &str) -> String {
    let (_, after) = page.split_once("class=\"key\">").expect("a key");
    after.split_once('<').unwrap().0.replace(' ', "")
}

fn codes_of(page: &str) -> Vec<String> {
    let (_, after) = page.split_once("<ol class=\"codes\">").expect("codes");
    let (list, _) = after.split_once("</ol>").unwrap();
    list.split("<li>")
        .skip(1)
        .map(|item| item.split('<').next().unwrap().to_owned())
        .collect()
}

/// Turns it on; gives the key that is on the phone now, and the recovery codes.
pub async fn turns_on(desk: &mut Desk<'_>) -> (String, Vec<String>) {
    let key = key_of(&desk.read(SET_UP).await);
    // The next one stays to be used; a half minute that ends meanwhile does no harm to either.
    let answer = desk.post(SET_UP, &format!("code={}", code(&key, 0))).await;
    assert_eq!(answer.status, 200, "{}", page(&answer));
    (key, codes_of(&page(&answer)))
}

/// Types the password in a new browser, and then this.
pub async fn signs_in<'a>(site: &'a Site, name: &str, typed: &str) -> (Desk<'a>, u16) {
    let mut desk = Desk { site, cookie: None };
    let answer = desk
        .sign_in(&format!("{name}@demo.example"), PASSWORD)
        .await;
    assert_eq!(answer.header("location"), CODE);
    let answer = desk.post(CODE, &format!("code={}", escape(typed))).await;
    (desk, answer.status.as_u16())
}

/// Makes every session one that proved long ago who it is.
pub async fn goes_stale(site: &Site) {
    let change = site.app.writer.run(|tx| {
        Box::pin(async move {
            sqlx::query(
                "update web_sessions set data = replace(data, 'staff_proved_at', 'proved_long_ago')",
            )
            .execute(tx)
            .await?;
            Ok(())
        })
    });
    change.await.unwrap();
}

async fn audited(site: &Site) -> Vec<String> {
    sqlx::query_scalar("select action from audit order by id")
        .fetch_all(&site.app.db.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn with_it_on_the_password_alone_opens_nothing() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let (key, recovery) = turns_on(&mut desk).await;
    assert_eq!(recovery.len(), 10);
    assert!(
        desk.read("/staff/account")
            .await
            .contains("10 recovery codes")
    );

    let mut half = Desk {
        site: &site,
        cookie: None,
    };
    let answer = half.sign_in("priya@demo.example", PASSWORD).await;
    assert_eq!(answer.header("location"), CODE);
    for shut in ["/staff/sign-ups", "/staff/account", SET_UP, "/staff/events"] {
        assert_eq!(half.open(shut).await.status, 303, "{shut}");
    }
    assert!(half.read(CODE).await.contains("name=\"code\""));
    let wrong = half.post(CODE, "code=000000").await;
    assert_eq!(wrong.status, 422);
    assert_eq!(half.open("/staff/sign-ups").await.status, 303);
    let right = half.post(CODE, &format!("code={}", code(&key, 1))).await;
    assert_eq!(right.header("location"), "/staff/sign-ups");
    assert!(half.read("/staff/sign-ups").await.contains("priya"));
    assert_eq!(audited(&site).await, ["staff.two_step_on"]);
}

#[tokio::test]
async fn without_a_password_first_there_is_no_second_step() {
    let site = Site::new().await;
    let mut desk = Desk {
        site: &site,
        cookie: None,
    };
    assert_eq!(desk.open(CODE).await.header("location"), "/staff/sign-in");
    let answer = desk.post(CODE, "code=123456").await;
    assert_eq!(answer.header("location"), "/staff/sign-in");
}

#[tokio::test]
async fn it_is_not_on_before_a_code_of_the_phone_fits() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let first = desk.read(SET_UP).await;
    assert!(first.contains("<svg class=\"qr\"") && !first.contains("style="));
    let wrong = desk.post(SET_UP, "code=000000").await;
    assert_eq!(wrong.status, 422);
    assert_eq!(
        key_of(&page(&wrong)),
        key_of(&first),
        "the phone has this key"
    );
    signed_in(&site, "priya").await;
    assert!(audited(&site).await.is_empty());
    turns_on(&mut desk).await;
    // There is one phone: a second set-up changes nothing.
    assert_eq!(desk.open(SET_UP).await.header("location"), "/staff/account");
    let again = desk.post(SET_UP, "code=000000").await;
    assert_eq!(again.header("location"), "/staff/account");
}

#[tokio::test]
async fn a_code_opens_the_desk_once_and_so_does_none_before_it() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let (key, _) = turns_on(&mut desk).await;
    // The one that set it up.
    assert_eq!(signs_in(&site, "priya", &code(&key, 0)).await.1, 422);
    let next = code(&key, 1);
    assert_eq!(signs_in(&site, "priya", &next).await.1, 303);
    assert_eq!(signs_in(&site, "priya", &next).await.1, 422, "replayed");
    assert_eq!(
        signs_in(&site, "priya", &code(&key, 0)).await.1,
        422,
        "older"
    );
}

#[tokio::test]
async fn a_recovery_code_opens_the_desk_once_and_says_how_many_are_left() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let (_, codes) = turns_on(&mut desk).await;
    let typed = codes[3].to_lowercase().replace('-', " ");
    let (mut back, status) = signs_in(&site, "priya", &typed).await;
    assert_eq!(status, 303);
    assert!(
        back.read("/staff/account")
            .await
            .contains("9 recovery codes")
    );
    assert_eq!(signs_in(&site, "priya", &codes[3]).await.1, 422, "twice");
    assert_eq!(signs_in(&site, "priya", &codes[4]).await.1, 303);
    // New ones end the old ones.
    let answer = back.post("/staff/account/recovery-codes", "").await;
    let new = codes_of(&page(&answer));
    assert_eq!(signs_in(&site, "priya", &codes[5]).await.1, 422);
    assert_eq!(signs_in(&site, "priya", &new[0]).await.1, 303);
    let used = "staff.recovery_used".to_owned();
    let all = audited(&site).await;
    assert_eq!(all.iter().filter(|action| **action == used).count(), 3);
    assert!(all.contains(&"staff.recovery_codes".to_owned()));
}

#[tokio::test]
async fn recovery_codes_are_kept_as_hashes_and_are_nobody_elses() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let (_, codes) = turns_on(&mut desk).await;
    let mut other = at_the_desk(&site, "tom", &[]).await;
    turns_on(&mut other).await;
    assert_eq!(signs_in(&site, "tom", &codes[0]).await.1, 422);
    let kept: Vec<String> = sqlx::query_scalar("select hash from staff_recovery_codes")
        .fetch_all(&site.app.db.pool)
        .await
        .unwrap();
    assert_eq!(kept.len(), 20);
    for code in codes {
        assert!(!kept.contains(&code) && !kept.contains(&code.replace('-', "")));
    }
}

#[tokio::test]
async fn typing_the_password_again_starts_no_new_count_of_wrong_codes() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let (key, _) = turns_on(&mut desk).await;
    for _ in 0..PER_ACCOUNT {
        assert_eq!(signs_in(&site, "priya", "000000").await.1, 422);
    }
    let mut waits = Desk {
        site: &site,
        cookie: None,
    };
    assert_eq!(
        waits.sign_in("priya@demo.example", PASSWORD).await.status,
        429
    );
    // Who typed the password before the count was full waits as well.
    let form = format!("prove.password=x&prove.code={}", code(&key, 1));
    assert_eq!(desk.post("/staff/prove", &form).await.status, 429);
}

#[tokio::test]
async fn turning_it_off_ends_its_codes_and_asks_who_it_is() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let (key, codes) = turns_on(&mut desk).await;
    goes_stale(&site).await;
    let asked = desk.post("/staff/account/two-step/off", "").await;
    assert_eq!(asked.status, 401);
    let form = format!(
        "prove.to=%2Fstaff%2Faccount%2Ftwo-step%2Foff&prove.how=post&prove.password={}&prove.code={}",
        escape(PASSWORD),
        code(&key, 1)
    );
    assert_eq!(desk.post("/staff/prove", &form).await.status, 307);
    let off = desk.post("/staff/account/two-step/off", "").await;
    assert_eq!(off.status, 303);
    signed_in(&site, "priya").await;
    turns_on(&mut desk).await;
    assert_eq!(signs_in(&site, "priya", &codes[0]).await.1, 422);
}

#[tokio::test]
async fn what_was_typed_goes_on_once_the_person_proved_who_they_are() {
    let site = Site::new().await;
    hire(&site, "ada", Role::Admin, &[]).await;
    let priya = hire(&site, "priya", Role::Staff, &[]).await;
    let mut ada = signed_in(&site, "ada").await;
    goes_stale(&site).await;
    let path = format!("/staff/accounts/{priya}");
    let form = "name=Priya+%22P%22&role=admin";
    let asked = ada.post(&path, form).await;
    assert_eq!(asked.status, 401);
    let shown = page(&asked);
    for kept in [
        format!("name=\"prove.to\" value=\"{path}\""),
        "name=\"prove.how\" value=\"post\"".to_owned(),
        "name=\"name\" value=\"Priya &quot;P&quot;\"".to_owned(),
        "name=\"role\" value=\"admin\"".to_owned(),
    ] {
        assert!(shown.contains(&kept), "{kept}");
    }
    assert!(!shown.contains("prove.code"), "no code where there is none");

    let sent = |password: &str| {
        let to = escape(&path);
        let password = escape(password);
        format!("prove.to={to}&prove.how=post&{form}&prove.password={password}")
    };
    let wrong = ada.post("/staff/prove", &sent("wrong")).await;
    assert_eq!(wrong.status, 422);
    assert!(page(&wrong).contains("value=\"Priya &quot;P&quot;\""));
    let right = ada.post("/staff/prove", &sent(PASSWORD)).await;
    assert_eq!(
        (right.status.as_u16(), right.header("location")),
        (307, path.as_str())
    );
    // The browser sends the same there.
    assert_eq!(ada.post(&path, &sent(PASSWORD)).await.status, 303);
    assert!(ada.read(&path).await.contains("Priya &quot;P&quot;"));
}

#[tokio::test]
async fn a_page_that_asks_opens_afterwards_and_only_pages_of_the_desk_do() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    goes_stale(&site).await;
    let asked = desk.open(&format!("{SET_UP}?a=b")).await;
    assert_eq!(asked.status, 401);
    let to = format!("name=\"prove.to\" value=\"{SET_UP}?a=b\"");
    assert!(page(&asked).contains(&to));
    for (to, leads) in [
        (format!("{SET_UP}?a=b"), format!("{SET_UP}?a=b")),
        (
            "https://evil.example/staff/".to_owned(),
            "/staff/sign-ups".to_owned(),
        ),
    ] {
        let to = escape(&to);
        let form = format!(
            "prove.to={to}&prove.how=get&prove.password={}",
            escape(PASSWORD)
        );
        let answer = desk.post("/staff/prove", &form).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("location")),
            (303, leads.as_str())
        );
    }
    assert_eq!(desk.open(SET_UP).await.status, 200);
}

#[tokio::test]
async fn who_may_not_do_a_thing_is_told_so_and_not_asked_for_a_password() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    goes_stale(&site).await;
    assert_eq!(desk.open("/staff/accounts/invite").await.status, 403);
}

#[tokio::test]
async fn an_admin_who_must_use_it_sets_it_up_before_anything_else() {
    let site = Site::new().await;
    hire(&site, "ada", Role::Admin, &[]).await;
    let bea = hire(&site, "bea", Role::Admin, &[]).await;
    let mut ada = signed_in(&site, "ada").await;
    let mut bea_desk = signed_in(&site, "bea").await;
    let mut tom = at_the_desk(&site, "tom", &[]).await;
    // Nobody asks of others what they do not do: somebody can always open the desk.
    let early = ada.post("/staff/accounts/two-step", "must=yes").await;
    assert_eq!(early.status, 422);
    turns_on(&mut ada).await;
    let asks = ada.post("/staff/accounts/two-step", "must=yes").await;
    assert_eq!(asks.header("location"), "/staff/accounts?done=must");
    let off = ada.post("/staff/account/two-step/off", "").await;
    assert_eq!(off.status, 403, "an admin cannot turn it off any more");

    for shut in [
        "/staff/sign-ups",
        "/staff/accounts",
        "/staff/account",
        "/staff/events",
    ] {
        assert_eq!(
            bea_desk.open(shut).await.header("location"),
            SET_UP,
            "{shut}"
        );
    }
    let path = format!("/staff/accounts/{bea}");
    let sent = bea_desk.post(&path, "name=Bea+B&role=admin").await;
    assert_eq!(sent.status, 401);
    assert!(
        page(&sent).contains("name=\"name\" value=\"Bea B\""),
        "nothing typed is lost"
    );
    assert!(!bea_desk.read(SET_UP).await.contains("/staff/sign-ups"));
    tom.read("/staff/sign-ups").await;
    turns_on(&mut bea_desk).await;
    bea_desk.read("/staff/sign-ups").await;

    let again = ada.post("/staff/accounts/two-step", "must=no").await;
    assert_eq!(again.header("location"), "/staff/accounts?done=need-not");
    assert_eq!(
        ada.post("/staff/account/two-step/off", "").await.status,
        303
    );
    assert_eq!(
        audited(&site).await,
        [
            "staff.two_step_on",
            "staff.two_step_must",
            "staff.two_step_on",
            "staff.two_step_need_not",
            "staff.two_step_off"
        ]
    );
}
