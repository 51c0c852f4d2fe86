// What calendar programs for Node see in a feed, as JSON: node ask_node.mjs PROGRAM FILE FIRST LAST
// The packages are looked for in the current folder. Days are the program's own, for an all-day event the local ones.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [program, file, first, last] = process.argv.slice(2);
const resolve = createRequire(process.cwd() + "/").resolve;
const load = async (name) => await import(pathToFileURL(resolve(name)));
const text = readFileSync(file, "utf8");
const from = new Date(first + "T00:00:00"), to = new Date(last + "T00:00:00");
const two = (number) => String(number).padStart(2, "0");
const local = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
const utc = (date) => date.toISOString().slice(0, 10);

const ask = {
  "ical.js": async () => {
    const module = await load("ical.js");
    const ICAL = module.default ?? module;
    ICAL.design.strict = true;
    const calendar = new ICAL.Component(ICAL.parse(text));
    const events = calendar.getAllSubcomponents("vevent").map((each) => new ICAL.Event(each));
    const days = [];
    for (const event of events) {
      const iterator = event.iterator();
      for (let next = iterator.next(); next && next.toJSDate() < to; next = iterator.next()) {
        if (next.toJSDate() >= from) days.push([event.summary, local(next.toJSDate())]);
      }
    }
    return {
      events: new Set(events.map((each) => each.uid)).size,
      alarms: events.flatMap((each) => each.component.getAllSubcomponents("valarm")).length,
      titles: events.map((each) => each.summary),
      links: events.map((each) => each.component.getFirstPropertyValue("url")).filter(Boolean),
      descriptions: events.map((each) => each.description).filter(Boolean),
      days,
    };
  },
  "node-ical": async () => {
    const module = await load("node-ical");
    const ical = module.default ?? module;
    const events = Object.values(ical.sync.parseICS(text)).filter((each) => each.type === "VEVENT");
    const days = [];
    for (const event of events) {
      const found = event.rrule ? event.rrule.between(from, to, true).map((day) => utc(day)) : [local(event.start)];
      for (const day of found) days.push([event.summary, day]);
    }
    return {
      events: new Set(events.map((each) => each.uid)).size,
      alarms: events.flatMap((each) => each.alarms ?? []).length,
      titles: events.map((each) => each.summary),
      links: events.map((each) => each.url?.val ?? each.url).filter(Boolean),
      days,
    };
  },
  "ts-ics": async () => {
    const { convertIcsCalendar, extendByRecurrenceRule } = await load("ts-ics");
    const { events = [] } = convertIcsCalendar(undefined, text);
    const days = [];
    for (const event of events) {
      const start = event.start.date;
      const found = event.recurrenceRule ? extendByRecurrenceRule(event.recurrenceRule, { start, end: to }) : [start];
      for (const day of found) days.push([event.summary, utc(day)]);
    }
    return {
      events: new Set(events.map((each) => each.uid)).size,
      alarms: events.flatMap((each) => each.alarms ?? []).length,
      titles: events.map((each) => each.summary),
      links: events.map((each) => each.url).filter(Boolean),
      descriptions: events.map((each) => each.description).filter(Boolean),
      days,
    };
  },
};
console.log(JSON.stringify(await ask[program]()));
