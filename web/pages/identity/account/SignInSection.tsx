import { Button, Group, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { EmailForm } from "../../../forms/identity/EmailForm.tsx";
import { PasswordForm } from "../../../forms/identity/PasswordForm.tsx";
import { profileQuery } from "../../../lib/account-queries.ts";
import { Loaded } from "../../../ui/Loaded.tsx";
import { Row, Rows } from "../../../ui/Row.tsx";
import { Section } from "../../../ui/Section.tsx";
import { Told } from "../../../ui/Told.tsx";

/** The address and the password. */
export function SignInSection() {
  const profile = useQuery(profileQuery);
  const [open, setOpen] = useState<"email" | "password">();
  const [told, setTold] = useState<{ title: string; text: string }>();
  const toggle = (form: "email" | "password") => {
    setTold(undefined);
    setOpen(open === form ? undefined : form);
  };
  const tell = (title: string, text: string) => {
    setOpen(undefined);
    setTold({ title, text });
  };
  return (
    <Section title="E-mail and password">
      <Loaded query={profile}>
        {({ email, has_password: hasPassword }) => (
          <Stack gap="md">
            <Rows label="E-mail and password">
              <Row title={email} about="You sign in with this address, and mail goes there.">
                <Button variant="default" size="xs" aria-expanded={open === "email"} onClick={() => toggle("email")}>
                  {open === "email" ? "Cancel the change" : "Change the address"}
                </Button>
              </Row>
              <Row title="Password" about={hasPassword ? "Set" : "None yet: you sign in by other means."}>
                <Button
                  variant="default"
                  size="xs"
                  aria-expanded={open === "password"}
                  onClick={() => toggle("password")}
                >
                  {open === "password" ? "Cancel the change" : hasPassword ? "Change the password" : "Set a password"}
                </Button>
              </Row>
            </Rows>
            {open === "email" && (
              <EmailForm
                onSent={(to) => tell("Look into your mail", `The link that was sent to ${to} changes the address.`)}
              />
            )}
            {open === "password" && (
              <PasswordForm
                email={email}
                onDone={() => tell("The password is changed", "All your other sessions are signed out.")}
              />
            )}
            {told && (
              <Group grow>
                <Told title={told.title}>{told.text}</Told>
              </Group>
            )}
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}
