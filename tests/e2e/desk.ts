/** The staff desk, as a member of staff uses it. */
import { expect, type Locator, type Page } from "@playwright/test";
import { DEMO } from "./server";

export class Desk {
  constructor(readonly page: Page) {}

  async signIn(email: string = DEMO.staff): Promise<void> {
    await this.page.goto("/staff/sign-in");
    await this.page.getByLabel("Email").fill(email);
    await this.page.getByLabel("Password").fill(DEMO.password);
    await this.page.getByRole("button", { name: "Sign in" }).click();
    await this.page.waitForURL((url) => !url.pathname.endsWith("/sign-in"));
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
}
