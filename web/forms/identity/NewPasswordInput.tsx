import type { PasswordInputProps } from "@mantine/core";
import { PasswordField } from "../../ui/PasswordField.tsx";

/** Where a new password is chosen: says what a good one is, and lets a password manager offer one. */
export function NewPasswordInput(props: PasswordInputProps) {
  return (
    <PasswordField
      description="At least 12 characters. A few words in a row do well."
      autoComplete="new-password"
      {...props}
    />
  );
}
