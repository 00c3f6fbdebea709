// The audit of channels: scores, and the next steps, by the rule in retention_kit/formulas/omnichannel.py.

const PRACTICES = {
  onboarding: ["welcome_emails", "walk_throughs", "knowledge_base", "success_calls", "clinics"],
  service: ["call_centre", "chat_bot", "support_email", "social_messages", "sms", "searchable_faq"],
  feedback: ["email_surveys", "social_polls", "store_tablets", "qr_codes", "pop_up_forms", "reviews", "user_content"],
};
const AREAS = Object.keys(PRACTICES);
const ALL = AREAS.flatMap((area) => PRACTICES[area]);
const STATES = ["absent", "present", "sharing"];
const SHARING = 2;
const STEPS = 3;

// Two points for a practice that shares, one for a practice that is there.
const score = (levels, practices) =>
  practices.reduce((points, practice) => points + levels[practice], 0) / (2 * practices.length);

function nextSteps(given) {
  const levels = { ...given };
  const named = [];
  for (let step = 0; step < STEPS; step += 1) {
    let best = null;
    for (const area of AREAS) {
      const reached = score(levels, PRACTICES[area]);
      for (const practice of PRACTICES[area]) {
        if (levels[practice] === SHARING || named.includes(practice)) continue;
        const level = levels[practice];
        if (!best || reached < best.reached || (reached === best.reached && level > best.level))
          best = { practice, reached, level };
      }
    }
    if (!best) break;
    named.push(best.practice);
    levels[best.practice] += 1;
  }
  return named;
}

function sentence(all, anyShares) {
  if (all === 0) return "begin";
  if (all === 1) return "complete";
  return anyShares ? "answer" : "apart";
}

export function answer(levels) {
  const found = { problem: null, all: score(levels, ALL) };
  found.sentence = sentence(found.all, ALL.some((practice) => levels[practice] === SHARING));
  for (const area of AREAS) {
    found[area] = score(levels, PRACTICES[area]);
    STATES.forEach((state, level) => {
      found[`${area}_${state}`] = PRACTICES[area].filter((practice) => levels[practice] === level).length;
    });
  }
  const steps = nextSteps(levels);
  for (let place = 1; place <= STEPS; place += 1) {
    const step = steps[place - 1] ?? "";
    found[`next_${place}`] = step || "none";
    found[`do_${place}`] = !step ? "nothing" : levels[step] === 0 ? "begin" : "connect";
  }
  return found;
}

export const picture = () =>
  AREAS.map((area) => ({
    shape: "bars",
    most: PRACTICES[area].length,
    bars: [
      {
        name: area,
        parts: [
          { name: `${area}_sharing`, tone: "kept" },
          { name: `${area}_present`, tone: "other" },
          { name: `${area}_absent`, tone: "none" },
        ],
      },
    ],
  }));
