//! Banning and removing people with everything they have ahead.

use super::super::*;
use super::scene::{DAY, HOUR, NOW, START, Scene, Setting};
use crate::audit;
use crate::desk::conduct::{Measure, MeasureRefused, forget_farewells, take};
use crate::desk::parked::{Join, JoinRefused};
use crate::desk::people::SavePerson;
use crate::desk::teams::{Actor, AddMember, TeamRefused};
use crate::people::{self, Profile};
use crate::teams::Role;

impl Scene {
    async fn number(&self, sql: &str) -> i64 {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        let row: (i64,) = self.desk.db.read().await.unwrap().one(sql, vec![]).await.unwrap();
        row.0
    }

    async fn id_of(&self, email: &str) -> PersonId {
        people::by_email(&mut self.desk.db.read().await.unwrap(), email).await.unwrap().unwrap().id
    }

    async fn measure(&self, measure: Measure, person: PersonId) -> Result<usize, MeasureRefused> {
        take(&self.desk, measure, person, None, "Not like this.").await
    }
}

on_both_databases! {
    async fn removing_a_host_with_200_bookings_is_one_transaction_and_400_mails(fresh) {
        let scene = Scene::new(fresh, Setting { hours: 220, ..Setting::default() }).await;
        for number in 0..200 {
            scene.book(&format!("guest-{number}@example.org"), START + number * HOUR).await.unwrap();
        }
        let host = scene.hosts[0];
        let (jobs, commits) = (scene.jobs().await.len(), scene.number("SELECT version FROM people WHERE email = 'host-0@example.org'").await);
        assert_eq!(scene.measure(Measure::Remove, host).await.unwrap(), 200);
        assert!(scene.number(&format!("SELECT version FROM people WHERE id = {host}")).await > commits);
        let queued = scene.jobs().await;
        assert_eq!(queued.len() - jobs, 400);
        assert!(queued[jobs..].iter().all(|key| key.starts_with("cancel/")));
        for table in ["memberships WHERE person", "collections WHERE owner", "occurrences WHERE person", "holds WHERE person",
            "app_passwords WHERE person", "web_sessions WHERE person", "sign_in_links WHERE person"]
        {
            assert_eq!(scene.number(&format!("SELECT COUNT(*) FROM {table} = {host}")).await, 0, "{table}");
        }
        assert_eq!(scene.number("SELECT COUNT(*) FROM bookings WHERE seat IS NOT NULL").await, 0);
        assert_eq!(scene.number("SELECT COUNT(*) FROM sessions WHERE status = 'open'").await, 0);
        assert_eq!(scene.number("SELECT COUNT(*) FROM holds").await, 0);
        assert!(scene.open().await.is_empty());
        scene.is_sound().await;
        let again = SavePerson {
            email: "host-0@example.org".into(),
            profile: Profile { name: Some("Host again".into()), ..Profile::default() },
            memberships: vec![("rust".into(), Role::Host)],
            now: NOW,
        };
        let added = scene.desk.db.run(again).await.unwrap();
        assert!(added.id != host && !added.banned, "somebody new with the same address");
        // The last mails know the address for a while, then nothing does.
        let known = || async { scene.number("SELECT COUNT(*) FROM people WHERE farewell IS NOT NULL").await };
        assert_eq!(known().await, 1);
        forget_farewells(&scene.desk).await.unwrap();
        assert_eq!(known().await, 1);
        scene.clock.set(NOW + 5 * DAY);
        forget_farewells(&scene.desk).await.unwrap();
        assert_eq!(known().await, 0);
        assert_eq!(scene.number(&format!("SELECT COUNT(*) FROM people WHERE id = {host} AND name = 'Host 0'")).await, 0);
    }

    async fn a_ban_ends_every_way_in_and_is_lifted(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        let tariq = scene.id_of("tariq@example.org").await;
        scene.run(&format!("INSERT INTO web_sessions (digest, id, person, auth_epoch, seen, created, expires)
            VALUES ('d', 1, {tariq}, 1, 1, 1, 9999999999)")).await;
        assert_eq!(scene.measure(Measure::Ban, tariq).await.unwrap(), 1);
        assert_eq!(scene.number("SELECT COUNT(*) FROM web_sessions").await, 0);
        assert_eq!(scene.open().await, [(0, 1), (1, 1), (2, 1)], "the time is offered again");
        assert_eq!(holder(&scene.desk, &booked.token).await.unwrap_err().code(), "not-found");
        assert_eq!(scene.book("tariq@example.org", START).await.unwrap_err().code(), "not-allowed");
        assert_eq!(scene.measure(Measure::Unban, tariq).await.unwrap(), 0);
        scene.book("tariq@example.org", START).await.unwrap();
        let log = audit::newest(&mut scene.desk.db.read().await.unwrap(), None, 9).await.unwrap();
        let told: Vec<_> = log.iter().map(|line| (line.action.as_str(), line.object.as_deref(), line.detail.as_str())).collect();
        assert_eq!(told, [("ban lifted", Some("Tariq"), ""), ("person banned", Some("Tariq"), "bookings cancelled: 1")]);
        scene.is_sound().await;
    }

    async fn a_banned_host_offers_nothing_until_it_is_lifted(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        scene.measure(Measure::Ban, scene.hosts[0]).await.unwrap();
        assert!(scene.open().await.is_empty());
        scene.measure(Measure::Unban, scene.hosts[0]).await.unwrap();
        assert_eq!(scene.open().await.len(), 3);
    }

    async fn a_ban_covers_the_mailbox_with_whatever_stands_after_a_plus(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        scene.book("tariq@example.org", START).await.unwrap();
        let tariq = scene.id_of("tariq@example.org").await;
        scene.measure(Measure::Ban, tariq).await.unwrap();
        let again = scene.book("tariq+again@example.org", START).await;
        assert_eq!(again.unwrap_err().code(), "not-allowed");
        scene.measure(Measure::Unban, tariq).await.unwrap();
        scene.book("tariq+again@example.org", START).await.unwrap();
    }

    async fn nobody_takes_a_banned_mailbox_into_a_team(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        scene.book("tariq@example.org", START).await.unwrap();
        let tariq = scene.id_of("tariq@example.org").await;
        scene.measure(Measure::Ban, tariq).await.unwrap();
        scene.measure(Measure::Remove, tariq).await.unwrap();
        let ban = people::retention::ban_hash(&scene.desk.keys, "tariq@example.org");
        let (email, timezone, team) = ("tariq@example.org".to_owned(), None, scene.team.id);
        let join = Join { email: email.clone(), ban: ban.clone(), name: String::new(), timezone, team, now: NOW };
        scene.run("UPDATE teams SET hosts_join = TRUE").await;
        assert!(matches!(scene.desk.db.run(join).await, Err(JoinRefused::Closed)));
        let actor = Actor::COMMAND_LINE;
        let add = AddMember { team: "rust".into(), email, ban, name: None, role: Role::Host, actor, now: NOW };
        assert!(matches!(scene.desk.db.run(add).await, Err(TeamRefused::Invalid(_))));
        assert_eq!(scene.number("SELECT COUNT(*) FROM people WHERE email = 'tariq@example.org'").await, 0);
    }

    async fn a_removed_person_who_was_banned_stays_banned_by_address(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        scene.book("tariq@example.org", START).await.unwrap();
        let tariq = scene.id_of("tariq@example.org").await;
        scene.measure(Measure::Ban, tariq).await.unwrap();
        scene.measure(Measure::Remove, tariq).await.unwrap();
        assert_eq!(scene.book("tariq@example.org", START).await.unwrap_err().code(), "not-allowed");
        assert!(matches!(scene.measure(Measure::Remove, tariq).await, Err(MeasureRefused::Unknown)));
    }

    async fn the_last_administrator_stays(fresh) {
        let scene = Scene::new(fresh, Setting { hosts: 2, ..Setting::default() }).await;
        scene.run(&format!("UPDATE people SET admin = TRUE WHERE id IN ({}, {})", scene.hosts[0], scene.hosts[1])).await;
        // Each puts the other out, at once.
        let (one, two) = tokio::join!(
            scene.measure(Measure::Ban, scene.hosts[0]),
            scene.measure(Measure::Remove, scene.hosts[1]),
        );
        let refused = [one, two].into_iter().filter(|done| matches!(done, Err(MeasureRefused::LastAdmin))).count();
        assert_eq!(refused, 1);
    }
}
