//! Changes to a series that leave every other line as its client wrote it: taking one instance out, splitting it in two,
//! other hours, other days of the week. RFC 5545 §3.8.4.4, §3.8.5.
//!
//! An instance is named by the start it had before anything moved it, in UTC seconds, as in RECURRENCE-ID.

use jiff::civil::{DateTime, Time, Weekday};

use super::budget::Budget;
use super::expand::{Instance, Zones, instances, rdates, read, repeats, rule_of};
use super::object::CalendarObject;
use super::pattern::{Every, Pattern};
use super::series::{Length, Series};
use super::time::{
    DateTimeValue, Duration, add_days, format_date, format_utc, format_wall, wall_from_seconds, wall_seconds,
};
use super::tree::{Component, Line};
use super::zone::Zone;

/// Instances looked at for one change.
const ENOUGH: u32 = 20_000;

/// Why a series stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SeriesError {
    /// Nothing begins then.
    #[error("the event has no such instance")]
    NoInstance,
    /// It is written in a way that cannot be changed here without changing what else it means.
    #[error("the event repeats in a way that only a calendar app can change")]
    TooSpecial,
}

/// A series in two parts, each a VCALENDAR with the UID it had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// What comes before; `None`: nothing does.
    pub before: Option<Component>,
    /// The instance and all later ones.
    pub after: Component,
}

/// The object without one instance; `None`: nothing is left of it. An instance that was moved goes with its override.
///
/// # Errors
/// [`SeriesError`].
pub fn without(object: &CalendarObject, instance: i64, floating: &Zone) -> Result<Option<Component>, SeriesError> {
    let series = Opened::new(object, floating);
    let mut root = object.root().clone();
    let overridden = series.overrides.contains(&instance);
    if series.and_later.contains(&instance) {
        return Err(SeriesError::TooSpecial);
    }
    let Some(master) = &series.master else {
        if !overridden {
            return Err(SeriesError::NoInstance);
        }
        series.retain_overrides(&mut root, |id| id != instance);
        return Ok(has_events(&root).then_some(root));
    };
    if !master.recurs() && !overridden {
        return if master.start == instance { Ok(None) } else { Err(SeriesError::NoInstance) };
    }
    let listed = series.instance(master, instance);
    if listed.is_none() && !overridden {
        return Err(SeriesError::NoInstance);
    }
    series.retain_overrides(&mut root, |id| id != instance);
    if let Some(listed) = listed {
        let line = series.form(master, listed.wall, instance)?.to_line("EXDATE");
        master_of(&mut root).ok_or(SeriesError::TooSpecial)?.push(line);
    }
    // The last one may have gone.
    let changed = Opened::of(&root, object, floating);
    let bounded = master.component.all("RRULE").all(|line| {
        line.value.to_ascii_uppercase().contains("COUNT=") || line.value.to_ascii_uppercase().contains("UNTIL=")
    });
    let is_empty = bounded && changed.overrides.is_empty() && changed.is_empty();
    Ok((!is_empty).then_some(root))
}

/// Splits a series at an instance: the first part ends before it, the second begins with it. Both together have the
/// instances of the whole.
///
/// # Errors
/// [`SeriesError`]; a series with several rules, or overrides that move all later ones, is too special.
pub fn split(object: &CalendarObject, at: i64, floating: &Zone) -> Result<Split, SeriesError> {
    let series = Opened::new(object, floating);
    let master = series.master.as_ref().ok_or(SeriesError::TooSpecial)?;
    if !master.recurs() {
        return if master.start == at { Ok(whole(object)) } else { Err(SeriesError::NoInstance) };
    }
    let rule = series.one_rule(master)?;
    let singles = series.single_dates(master)?;
    let begin = series.instance(master, at).ok_or(SeriesError::NoInstance)?;
    if at == master.start && !singles.iter().any(|id| *id < at) {
        return Ok(whole(object));
    }
    if singles.iter().any(|id| *id < master.start) {
        return Err(SeriesError::TooSpecial);
    }
    let cut = rule.map(|line| Cut::new(&series, master, line, &begin)).transpose()?;
    let (mut before, mut after) = (object.root().clone(), object.root().clone());
    series.retain_overrides(&mut before, |id| id < at);
    series.retain_overrides(&mut after, |id| id >= at);
    let first = master_of(&mut before).ok_or(SeriesError::TooSpecial)?;
    series.retain_dates(master, first, |id| id < at);
    let second = master_of(&mut after).ok_or(SeriesError::TooSpecial)?;
    series.retain_dates(master, second, |id| id >= at);
    series.begin(master, second, begin.wall, at)?;
    if let Some(cut) = cut {
        cut.apply(first, second);
    }
    Ok(Split { before: Some(before), after })
}

/// The series with other hours: the first instance begins at `starts` of the day it is on in `shown`, the zone in which
/// the times are meant, and ends at `ends`, on the next day if that is earlier. All others follow by the clock of the
/// event's own zone; what was taken out stays out, what was moved stays where it is.
///
/// # Errors
/// [`SeriesError::TooSpecial`].
pub fn retimed(
    object: &CalendarObject,
    starts: Time,
    ends: Time,
    shown: &Zone,
    floating: &Zone,
) -> Result<Component, SeriesError> {
    let series = Opened::new(object, floating);
    let master = series.master.as_ref().ok_or(SeriesError::TooSpecial)?;
    let rule = series.one_rule(master)?;
    series.single_dates(master)?;
    let by_clock = |line: &Line| {
        ["BYHOUR", "BYMINUTE", "BYSECOND"].iter().any(|part| line.value.to_ascii_uppercase().contains(part))
    };
    if master.all_day || rule.is_some_and(by_clock) {
        return Err(SeriesError::TooSpecial);
    }
    let day = shown.to_wall(master.start).date();
    let start = shown.to_instant(day.to_datetime(starts));
    let end = day.to_datetime(ends);
    let end = shown.to_instant(if ends <= starts { add_days(end, 1) } else { end });
    let wall = master.zone.to_wall(start);
    let shift = wall_seconds(wall) - wall_seconds(master.wall);
    let moved = |wall: DateTime| wall_from_seconds(wall_seconds(wall) + shift);
    let mut root = object.root().clone();
    for component in root.children.iter_mut().filter(|child| child.name != "VTIMEZONE") {
        let Some(line) = component.get("RECURRENCE-ID").cloned() else { continue };
        let value = DateTimeValue::from_line(&line).map_err(|_| SeriesError::TooSpecial)?;
        let (old, _) = master.instance(&value, &series.zones);
        let new = moved(old);
        component.set(series.form(master, new, master.zone.to_instant(new))?.to_line("RECURRENCE-ID"));
    }
    let event = master_of(&mut root).ok_or(SeriesError::TooSpecial)?;
    for name in ["EXDATE", "RDATE"] {
        let values = series.values(master, event, name);
        if values.is_empty() {
            continue;
        }
        event.remove(name);
        for (value, old) in values {
            let new = moved(old);
            let value = if value.is_date() { value } else { series.form(master, new, master.zone.to_instant(new))? };
            event.push(value.to_line(name));
        }
    }
    if let Some(line) = event.get("RRULE").cloned() {
        let until = rule_of(master, &line).and_then(|rule| rule.until);
        let until = match until {
            Some(DateTimeValue::Utc(until)) => {
                Some(format_utc(master.zone.to_instant(moved(master.zone.to_wall(until)))))
            }
            Some(DateTimeValue::Floating(wall) | DateTimeValue::Zoned { wall, .. }) => Some(format_wall(moved(wall))),
            Some(DateTimeValue::Date(_)) | None => None,
        };
        if let Some(until) = until {
            event.set(Line { value: with_part(&line.value, "UNTIL", Some(&until)), ..line });
        }
    }
    event.set(series.form(master, wall, start)?.to_line("DTSTART"));
    event.remove("DURATION");
    event.set(series.form(master, master.zone.to_wall(end), end)?.to_line("DTEND"));
    Ok(root)
}

/// A series that happens every week, on these days only; it begins on the first of them. Nothing is left of it when
/// there are none.
///
/// # Errors
/// [`SeriesError::TooSpecial`]: it does not simply happen every week.
pub fn on_days(object: &CalendarObject, days: &[Weekday], floating: &Zone) -> Result<Component, SeriesError> {
    let series = Opened::new(object, floating);
    let master = series.master.as_ref().ok_or(SeriesError::TooSpecial)?;
    let rule = series.one_rule(master)?.ok_or(SeriesError::TooSpecial)?;
    match Pattern::of(&rule.value, master.wall) {
        Some(Pattern { every: Every::Week(_), interval: 1, .. }) if !days.is_empty() => {}
        _ => return Err(SeriesError::TooSpecial),
    }
    let first = (0..7).map(|more| add_days(master.wall, more)).find(|wall| days.contains(&wall.date().weekday()));
    let first = first.ok_or(SeriesError::TooSpecial)?;
    let mut names: Vec<Weekday> = days.to_vec();
    names.sort_unstable_by_key(|day| day.to_monday_zero_offset());
    names.dedup();
    let names: Vec<&str> = names.into_iter().map(day_name).collect();
    let line = Line { value: with_part(&rule.value, "BYDAY", Some(&names.join(","))), ..rule.clone() };
    let mut root = object.root().clone();
    let event = master_of(&mut root).ok_or(SeriesError::TooSpecial)?;
    series.begin(master, event, first, master.zone.to_instant(first))?;
    event.set(line);
    Ok(root)
}

/// Marks the events as changed at this time: DTSTAMP, LAST-MODIFIED and one more SEQUENCE. RFC 5545 §3.8.7.
pub fn revise(root: &mut Component, now: i64) {
    for event in root.children.iter_mut().filter(|child| child.name == "VEVENT") {
        let sequence = event.get("SEQUENCE").and_then(|line| line.value.trim().parse::<i64>().ok()).unwrap_or(0);
        event.set(Line::new("DTSTAMP", format_utc(now)));
        event.set(Line::new("LAST-MODIFIED", format_utc(now)));
        event.set(Line::new("SEQUENCE", sequence.clamp(0, i64::from(i32::MAX) - 1).saturating_add(1).to_string()));
    }
}

/// `MO`. RFC 5545 §3.3.10.
pub fn day_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "MO",
        Weekday::Tuesday => "TU",
        Weekday::Wednesday => "WE",
        Weekday::Thursday => "TH",
        Weekday::Friday => "FR",
        Weekday::Saturday => "SA",
        Weekday::Sunday => "SU",
    }
}

fn whole(object: &CalendarObject) -> Split {
    Split { before: None, after: object.root().clone() }
}

fn has_events(root: &Component) -> bool {
    root.children.iter().any(|child| child.name != "VTIMEZONE")
}

fn master_of(root: &mut Component) -> Option<&mut Component> {
    let is_master = |child: &&mut Component| child.name != "VTIMEZONE" && child.get("RECURRENCE-ID").is_none();
    root.children.iter_mut().find(is_master)
}

/// A rule's text with one part set or left out; the others stay as they stand.
fn with_part(rule: &str, name: &str, value: Option<&str>) -> String {
    let is_other = |part: &&str| !part.split('=').next().unwrap_or_default().trim().eq_ignore_ascii_case(name);
    let mut parts: Vec<String> =
        rule.split(';').filter(|part| !part.is_empty()).filter(is_other).map(str::to_owned).collect();
    parts.extend(value.map(|value| format!("{name}={value}")));
    parts.join(";")
}

/// An object opened for a change.
struct Opened<'a> {
    zones: Zones<'a>,
    master: Option<Series<'a>>,
    /// Of overrides: the instances they replace.
    overrides: Vec<i64>,
    /// Of those that move all later instances along.
    and_later: Vec<i64>,
}

impl<'a> Opened<'a> {
    fn new(object: &'a CalendarObject, floating: &'a Zone) -> Self {
        Self::of(object.root(), object, floating)
    }

    /// Components of `root`, zones of `object`.
    fn of(root: &'a Component, object: &'a CalendarObject, floating: &'a Zone) -> Self {
        let zones = Zones::new(object.timezones(), floating);
        let components: Vec<&Component> = root.children.iter().filter(|child| child.name != "VTIMEZONE").collect();
        let (master, changes) = read(&components, &zones);
        let overrides = changes.iter().map(|change| change.id).collect();
        let and_later = changes.iter().filter(|change| change.and_later).map(|change| change.id).collect();
        Self { zones, master, overrides, and_later }
    }

    /// The only rule, if there is one.
    fn one_rule<'m>(&self, master: &Series<'m>) -> Result<Option<&'m Line>, SeriesError> {
        let rules = master.component.all("RRULE").count();
        if rules > 1 || master.component.get("EXRULE").is_some() || !self.and_later.is_empty() {
            return Err(SeriesError::TooSpecial);
        }
        Ok(master.component.get("RRULE"))
    }

    /// The instances of RDATE; those with a length of their own are too special.
    fn single_dates(&self, master: &Series<'_>) -> Result<Vec<i64>, SeriesError> {
        let dates = rdates(master, &self.zones);
        if dates.iter().any(|date| date.length.is_some()) {
            return Err(SeriesError::TooSpecial);
        }
        Ok(dates.into_iter().map(|date| date.id).collect())
    }

    /// The instance with this start, whether or not something moved it.
    fn instance(&self, master: &Series<'_>, id: i64) -> Option<Instance> {
        // A time that the clock skips stands up to some hours earlier on paper.
        let wall = master.zone.to_wall(id);
        let span = add_days(wall, -1)..add_days(wall, 1);
        let listed = instances(master, &self.zones, &span, &Budget::new(ENOUGH));
        listed.list.into_iter().find(|instance| instance.id == id)
    }

    fn is_empty(&self) -> bool {
        let Some(master) = &self.master else { return true };
        let span = add_days(master.wall, -1)..DateTime::MAX;
        let listed = instances(master, &self.zones, &span, &Budget::new(ENOUGH));
        listed.list.is_empty() && listed.cut_off.is_none()
    }

    /// A value in the form of DTSTART.
    fn form(&self, master: &Series<'_>, wall: DateTime, instant: i64) -> Result<DateTimeValue, SeriesError> {
        let line = master.component.get("DTSTART").ok_or(SeriesError::TooSpecial)?;
        Ok(match DateTimeValue::from_line(line).map_err(|_| SeriesError::TooSpecial)? {
            DateTimeValue::Date(_) => DateTimeValue::Date(wall.date()),
            DateTimeValue::Floating(_) => DateTimeValue::Floating(wall),
            DateTimeValue::Utc(_) => DateTimeValue::Utc(instant),
            DateTimeValue::Zoned { tzid, .. } => DateTimeValue::Zoned { wall, tzid },
        })
    }

    /// Lets the event begin at another of its instances, with the length it had.
    fn begin(
        &self,
        master: &Series<'_>,
        event: &mut Component,
        wall: DateTime,
        instant: i64,
    ) -> Result<(), SeriesError> {
        event.set(self.form(master, wall, instant)?.to_line("DTSTART"));
        if event.get("DTEND").is_some() {
            let end = match master.length {
                Length::Exact(seconds) => instant.saturating_add(seconds),
                Length::Nominal(duration) => duration.end_of(wall, &master.zone),
            };
            let end_wall = match master.length {
                Length::Nominal(Duration { days, seconds: 0 }) => add_days(wall, days),
                _ => master.zone.to_wall(end),
            };
            event.set(self.form(master, end_wall, end)?.to_line("DTEND"));
        }
        Ok(())
    }

    /// The values of every line of a name, with the wall-clock time of the instance each names.
    fn values(&self, master: &Series<'_>, event: &Component, name: &str) -> Vec<(DateTimeValue, DateTime)> {
        let all = event.all(name).flat_map(|line| DateTimeValue::list_from_line(line).unwrap_or_default());
        all.map(|value| (value.clone(), master.instance(&value, &self.zones).0)).collect()
    }

    /// Leaves out the values of EXDATE and RDATE that name other instances; lines that keep all of theirs stay as they
    /// are. A whole day of an event with times stays: it may mean both parts.
    fn retain_dates(&self, master: &Series<'_>, event: &mut Component, keep: impl Fn(i64) -> bool) {
        let mut lines = Vec::with_capacity(event.lines.len());
        for line in event.lines.drain(..) {
            let values = match line.name.as_str() {
                "EXDATE" | "RDATE" => DateTimeValue::list_from_line(&line).unwrap_or_default(),
                _ => Vec::new(),
            };
            let is_kept = |value: &DateTimeValue| {
                (value.is_date() && !master.all_day) || keep(master.instance(value, &self.zones).1)
            };
            if values.iter().all(is_kept) {
                lines.push(line);
                continue;
            }
            let kept = values.iter().zip(line.value.split(',')).filter(|(value, _)| is_kept(value));
            let kept: Vec<&str> = kept.map(|(_, text)| text).collect();
            if !kept.is_empty() {
                lines.push(Line { value: kept.join(","), ..line.clone() });
            }
        }
        event.lines = lines;
    }

    /// Leaves out the overrides of other instances.
    fn retain_overrides(&self, root: &mut Component, keep: impl Fn(i64) -> bool) {
        root.children.retain(|child| {
            let Some(line) = child.get("RECURRENCE-ID").filter(|_| child.name != "VTIMEZONE") else { return true };
            let Ok(value) = DateTimeValue::from_line(line) else { return true };
            keep(match &self.master {
                Some(master) => master.instance(&value, &self.zones).1,
                None => self.zones.instant(&value),
            })
        });
    }
}

/// Where a rule is cut.
struct Cut {
    line: Line,
    /// The rule's text before, and after; `None`: it lists nothing there.
    before: String,
    after: Option<String>,
}

impl Cut {
    fn new(series: &Opened<'_>, master: &Series<'_>, line: &Line, begin: &Instance) -> Result<Self, SeriesError> {
        let rule = rule_of(master, line).ok_or(SeriesError::TooSpecial)?;
        let (line, text) = (line.clone(), line.value.clone());
        let span = master.wall..add_days(begin.wall, 2);
        // Where nothing is counted, only the days around matter.
        let near = if rule.count.is_some() { span } else { add_days(begin.wall, -2)..add_days(begin.wall, 2) };
        let found = repeats(master, &rule, &near, &Budget::new(ENOUGH)).filter(|found| found.cut_off.is_none());
        let found = found.ok_or(SeriesError::TooSpecial)?.list;
        let lists_begin = found.iter().any(|(_, id)| *id == begin.id);
        let is_over = match rule.count {
            None => !rule.lasts_until(begin.wall, begin.id),
            Some(count) => {
                let passed = found.iter().filter(|(_, id)| *id < begin.id).count();
                let unlisted = u32::from(found.first().is_none_or(|(wall, _)| *wall != master.wall));
                let taken = u32::try_from(passed).unwrap_or(u32::MAX).saturating_add(unlisted);
                if taken < count && lists_begin {
                    let left = (count - taken).to_string();
                    let before =
                        with_part(&with_part(&text, "COUNT", None), "UNTIL", Some(&series.last_moment(master, begin)?));
                    return Ok(Self { line, before, after: Some(with_part(&text, "COUNT", Some(&left))) });
                }
                taken >= count
            }
        };
        if is_over {
            return Ok(Self { line, before: text, after: None });
        }
        // A single date between those of the rule: the rule would count from there.
        if !lists_begin {
            return Err(SeriesError::TooSpecial);
        }
        let before = with_part(&text, "UNTIL", Some(&series.last_moment(master, begin)?));
        Ok(Self { line, before, after: Some(text) })
    }

    fn apply(self, first: &mut Component, second: &mut Component) {
        first.set(Line { value: self.before, ..self.line.clone() });
        match self.after {
            Some(after) => second.set(Line { value: after, ..self.line }),
            None => drop(second.remove("RRULE")),
        }
    }
}

impl Opened<'_> {
    /// UNTIL for a rule that ends before an instance, in the form that goes with DTSTART.
    fn last_moment(&self, master: &Series<'_>, begin: &Instance) -> Result<String, SeriesError> {
        Ok(match self.form(master, begin.wall, begin.id)? {
            DateTimeValue::Date(day) => format_date(add_days(day.into(), -1).date()),
            DateTimeValue::Floating(wall) => format_wall(wall_from_seconds(wall_seconds(wall) - 1)),
            DateTimeValue::Utc(_) | DateTimeValue::Zoned { .. } => format_utc(begin.id - 1),
        })
    }
}

#[cfg(test)]
mod tests;
