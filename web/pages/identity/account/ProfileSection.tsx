import { useQuery } from "@tanstack/react-query";
import { ProfileForm } from "../../../forms/identity/ProfileForm.tsx";
import { profileQuery } from "../../../lib/account-queries.ts";
import { Loaded } from "../../../ui/Loaded.tsx";
import { Section } from "../../../ui/Section.tsx";

export function ProfileSection() {
  const profile = useQuery(profileQuery);
  return (
    <Section title="Profile">
      <Loaded query={profile}>{(data) => <ProfileForm profile={data} />}</Loaded>
    </Section>
  );
}
