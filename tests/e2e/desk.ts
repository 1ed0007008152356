/** The staff desk, as a member of staff uses it. */
import { expect, type Locator, type Page } from "@playwright/test";
import { code } from "./authenticator";
import { DEMO } from "./server";

export class Desk {
  constructor(readonly page: Page) {}

  async signIn(email: string = DEMO.staff, password: string = DEMO.password): Promise<void> {
    await this.page.goto("/staff/sign-in");
    await this.page.getByLabel("Email").fill(email);
    await this.page.getByLabel("Password").fill(password);
    await this.page.getByRole("button", { name: "Sign in" }).click();
    await this.page.waitForURL((url) => !url.pathname.endsWith("/sign-in"));
  }

  /** Signs out, in this browser or everywhere. */
  async signOut(button: "Sign out" | "Sign out everywhere" = "Sign out"): Promise<void> {
    await this.page.getByRole("button", { name: button, exact: true }).click();
    await expect(this.page.getByRole("heading", { level: 1, name: "Sign in to the desk" })).toBeVisible();
  }

  /** As an admin: invites someone to staff a team, or to lead; gives the address to pass on. */
  async invite(name: string, email: string, role: "Staff" | "Lead" = "Staff"): Promise<string> {
    await this.page.goto("/staff/accounts/invite");
    await this.page.getByLabel("Email").fill(email);
    await this.page.getByLabel("First name").fill(name);
    await this.page.getByRole("radio", { name: new RegExp(`^${role}`) }).check();
    if (role === "Staff") await this.page.getByRole("checkbox", { name: "Harbour team" }).check();
    await this.page.getByRole("button", { name: "Make the address" }).click();
    await expect(this.page.getByRole("heading", { level: 1, name: `The address for ${name}` })).toBeVisible();
    return (await this.page.locator(".key").textContent()) ?? "";
  }

  /** Uses an invitation: from now on they are at the desk. */
  async comeIn(address: string, password: string): Promise<void> {
    await this.page.goto(address);
    await this.page.getByLabel("Choose a password").fill(password);
    await this.page.getByRole("button", { name: "Make my account" }).click();
    await expect(this.page.getByText("Welcome. Your account is ready.")).toBeVisible();
  }

  /** On the page that sets two-step sign-in up: reads the key, and types what the phone shows now. */
  async setUpTwoStep(aheadMs = 0): Promise<{ key: string; used: string; recovery: string[] }> {
    const key = (await this.page.locator(".key").textContent()) ?? "";
    const used = code(key, 0, aheadMs);
    await this.page.getByLabel("The code that the app shows").fill(used);
    await this.page.getByRole("button", { name: "Turn two-step sign-in on" }).click();
    await expect(this.page.getByRole("heading", { level: 1, name: "Your recovery codes" })).toBeVisible();
    return { key, used, recovery: await this.page.locator(".codes li").allTextContents() };
  }

  /** Opens one of the desk's lists. */
  async open(path: string): Promise<void> {
    await this.page.goto(path);
  }

  /** What a list has of a person. */
  rows(name: string): Locator {
    return this.page.getByRole("row").filter({ hasText: name });
  }

  /** Opens a person's sign-up: from now on it is seen. */
  async openSignUp(name: string): Promise<void> {
    await this.page.getByRole("link", { name: `Open the sign-up of ${name}` }).first().click();
    await expect(this.page.getByText("Opened first by")).toBeVisible();
  }

  /** Opens a person's check-in: from now on it is seen, and the reading is written down. */
  async openCheckIn(name: string): Promise<void> {
    await this.page.getByRole("link", { name: `Open the check-in of ${name}` }).first().click();
    await expect(this.page.getByText("Each reading is written down")).toBeVisible();
  }

  /** Gives a place to the person whose sign-up is open. */
  async givePlace(): Promise<void> {
    await this.page.getByRole("button", { name: "Give a place" }).click();
    await expect(this.page.getByText("You have a place")).toBeVisible();
  }

  /** The link that stands on every page. */
  get worried(): Locator {
    return this.page.getByRole("link", { name: "I'm worried about someone's safety" });
  }

  /** As an admin: names themselves as the lead and as the one who reads safety records. */
  async setUpSafety(): Promise<void> {
    await this.page.goto("/staff/safety/settings");
    const lead = this.page.getByRole("group", { name: "Safeguarding lead" });
    await lead.getByLabel("Name").fill("Sam Okafor");
    await lead.getByLabel("Number to ring").fill("01632 960 200");
    const deputy = this.page.getByRole("group", { name: "Deputy" });
    await deputy.getByLabel("Name").fill("Amina Yusuf");
    await deputy.getByLabel("Number to ring").fill("01632 960 201");
    await this.page.getByRole("checkbox", { name: /admin@demo.example/ }).check();
    await this.page.getByRole("checkbox", { name: /I have checked this today/ }).check();
    await this.page.getByRole("button", { name: "Save" }).click();
    await expect(this.page.getByText("Saved.")).toBeVisible();
  }

  /** From any page of the desk: writes down what is worrying. */
  async writeSafetyRecord(worry = "Sam wrote that nothing will matter after Friday."): Promise<void> {
    await this.worried.click();
    await this.page.getByLabel("What worried you").fill(worry);
    await this.page.getByLabel("Who was told").fill("Sam Okafor, safeguarding lead, by phone");
    await this.page.getByLabel("When they were told").fill("2026-11-23T14:02");
    await this.page.getByLabel("What was decided").fill("Sam Okafor rings them before 4pm.");
    await this.page.getByLabel("Who decided it").fill("Sam Okafor");
    await this.page.getByRole("button", { name: "Keep this record" }).click();
    await expect(this.page.getByRole("heading", { level: 1, name: "It is written down" })).toBeVisible();
  }
}
