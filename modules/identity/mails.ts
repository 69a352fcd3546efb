import type { MailTemplate } from "../../kernel/mail/template.ts";

const IGNORE = "If this was not you, you can ignore this mail: nothing happens.";
const SECURE = "If this was not you, reset your password now, and look through the sessions of your account.";

/** The mails about accounts. Data: `name` of the person, and `form`, the token without its secret. */
export const mails: readonly MailTemplate[] = [
  {
    name: "confirm_sign_up",
    write: () => ({
      subject: "Confirm your e-mail address",
      lines: [
        "Somebody, probably you, wants to sign up with this address. Your account is made when you confirm it, within 24 hours.",
        IGNORE,
      ],
      link: { label: "Confirm the address", path: "/verify#:token" },
    }),
  },
  {
    name: "already_registered",
    write: ({ name = "", status = "active" }) => ({
      subject: "You have an account already",
      lines: [
        `Hello ${name},`,
        "Somebody, probably you, wanted to use this address for an account. You have one already, and nothing about it was changed.",
        status === "deleted"
          ? "It was deleted a short while ago. The mail that told you so has a link that brings it back."
          : "Sign in as usual. If you do not remember the password, you can reset it there.",
        "If this was not you, there is nothing to do.",
      ],
      link: { label: "Sign in", path: "/sign-in" },
    }),
  },
  {
    name: "reset_password",
    write: ({ name = "" }) => ({
      subject: "Reset your password",
      lines: [
        `Hello ${name},`,
        "Somebody, probably you, wants to set a new password for your account. The link is good for an hour, and once.",
        IGNORE,
      ],
      link: { label: "Set a new password", path: "/reset-password#:token" },
    }),
  },
  {
    name: "password_changed",
    write: ({ name = "" }) => ({
      subject: "Your password was changed",
      lines: [
        `Hello ${name},`,
        "The password of your account was changed, and other sessions were signed out.",
        SECURE,
      ],
      link: { label: "Reset the password", path: "/reset-password" },
    }),
  },
  {
    name: "account_locked",
    write: ({ name = "" }) => ({
      subject: "Your account is locked for a while",
      lines: [
        `Hello ${name},`,
        "Somebody failed to sign in to your account many times in a row. To keep guesses out it now waits before the next try, longer each time.",
        "If it was you, the link lets you go on at once. It is good for a day, and once.",
        "If it was not you, there is nothing to do: a guess has not come through.",
      ],
      link: { label: "Unlock the account", path: "/account/unlock#:token" },
    }),
  },
  {
    name: "confirm_email_change",
    write: () => ({
      subject: "Confirm your new e-mail address",
      lines: [
        "Somebody, probably you, wants to use this address for their account. The link is good for 24 hours, and once.",
        IGNORE,
      ],
      link: { label: "Use this address", path: "/account/email#:token" },
    }),
  },
  {
    name: "email_change_requested",
    write: ({ name = "" }) => ({
      subject: "Your e-mail address is about to change",
      lines: [
        `Hello ${name},`,
        "Another address was given for your account. It takes the place of this one as soon as it is confirmed.",
        SECURE,
      ],
      link: { label: "Reset the password", path: "/reset-password" },
    }),
  },
  {
    name: "email_changed",
    write: ({ name = "" }) => ({
      subject: "Your e-mail address was changed",
      lines: [
        `Hello ${name},`,
        "The address of your account was changed. This mail goes to the address before and to the new one.",
        "If this was not you, tell whoever runs this installation at once.",
      ],
    }),
  },
  {
    name: "account_deleted",
    write: ({ name = "" }) => ({
      subject: "Your account was deleted",
      lines: [
        `Hello ${name},`,
        "Your account was deleted, and all sessions were signed out. For 30 days the link brings everything back; then it is erased.",
      ],
      link: { label: "Bring the account back", path: "/account/restore#:token" },
    }),
  },
];
