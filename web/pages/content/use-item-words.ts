import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type Item, updateItem } from "../../../modules/content/items-contract.ts";
import { call } from "../../lib/api.ts";
import { contentKey, itemQuery } from "../../lib/content-queries.ts";

/** The words of a piece of content, as they stand in the form. */
export type Words = {
  title: string;
  slug: string;
  excerpt: string;
  content: string;
  seoTitle: string;
  seoDescription: string;
  lang: string;
  noindex: boolean;
};

function wordsOf({ title, slug, excerpt, content, seo_meta: seo }: Item): Words {
  return {
    title: title ?? "",
    slug: slug ?? "",
    excerpt: excerpt ?? "",
    content,
    seoTitle: seo.title ?? "",
    seoDescription: seo.description ?? "",
    lang: seo.lang ?? "",
    noindex: seo.noindex ?? false,
  };
}

function changeOf(words: Words, { seo_meta }: Item) {
  const { title, slug, excerpt, content, seoTitle, seoDescription, lang, noindex } = words;
  const { title: _, description, lang: before, noindex: hidden, ...others } = seo_meta;
  return {
    ...(title.trim() !== "" && { name: title.trim() }),
    title: title.trim() || null,
    slug: slug.trim() || null,
    excerpt: excerpt.trim() || null,
    content,
    seo_meta: {
      ...others,
      ...(seoTitle.trim() && { title: seoTitle.trim() }),
      ...(seoDescription.trim() && { description: seoDescription.trim() }),
      ...(lang.trim() && { lang: lang.trim() }),
      ...(noindex && { noindex }),
    },
  };
}

/**
 * What somebody writes, and its saving: only over the version that they began with, unless they say so. A row that comes in meanwhile
 * (a restored version, a step) is taken over where nothing is unsaved.
 */
export function useItemWords(organization: string, item: Item) {
  const queryClient = useQueryClient();
  const [base, setBase] = useState(item);
  const [words, setWords] = useState(() => wordsOf(item));
  const before = wordsOf(base);
  const isDirty = (Object.keys(words) as (keyof Words)[]).some((name) => words[name] !== before[name]);
  if (item.version !== base.version && !isDirty) {
    setBase(item);
    setWords(wordsOf(item));
  }
  const saving = useMutation({
    mutationFn: ({ isForced }: { isForced: boolean }) =>
      call(
        updateItem,
        { params: { organization, id: item.id }, body: changeOf(words, base) },
        isForced ? {} : { ifMatch: `"${base.version}"` },
      ),
    onSuccess: (saved) => {
      setBase(saved);
      queryClient.setQueryData(itemQuery({ organization, item: item.id }).queryKey, saved);
      void queryClient.invalidateQueries({ queryKey: [...contentKey(organization), "versions", item.id] });
      void queryClient.invalidateQueries({ queryKey: [...contentKey(organization), "list"] });
    },
  });
  useEffect(() => {
    if (!isDirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isDirty]);
  return {
    words,
    isDirty,
    saving,
    /** The row that the words began with. */
    base,
    write: (change: Partial<Words>) => setWords((now) => ({ ...now, ...change })),
    /** Drops what is unsaved for what stands there now. */
    reload: async () => {
      const { queryKey } = itemQuery({ organization, item: item.id });
      await queryClient.refetchQueries({ queryKey });
      const now = queryClient.getQueryData(queryKey);
      if (!now) return;
      saving.reset();
      setBase(now);
      setWords(wordsOf(now));
    },
  };
}
