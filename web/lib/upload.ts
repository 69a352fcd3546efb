import { addressOf, type Given } from "../../client/address.ts";
import { ApiProblem, problemOf } from "../../client/problem.ts";
import { readAnswer } from "../../client/tenon.ts";
import type { AnswerOf, Endpoint } from "../../kernel/http/endpoint.ts";

type Upload = {
  file: Blob;
  mediaType: string;
  signal: AbortSignal;
  /** Told how much has been sent, 0 to 1. */
  onProgress(share: number): void;
};

const BROKEN_OFF = {
  title: "The file could not be sent",
  status: 0,
  code: "upload_broken_off",
  detail: "The connection broke off, or the file was changed after it was chosen. Nothing was imported.",
  hint: "Check the connection, then choose the file again.",
};

/**
 * Sends a file as the body of an endpoint. It goes by XMLHttpRequest, which alone tells how far an upload is.
 * Throws an `ApiProblem` unless it succeeds, and the signal's reason when it is aborted.
 */
export function upload<E extends Endpoint>(
  endpoint: E,
  given: Given<E>,
  { file, ...upload }: Upload,
): Promise<AnswerOf<E>> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(endpoint.method, addressOf(endpoint, given));
    request.setRequestHeader("content-type", upload.mediaType);
    request.upload.onprogress = ({ loaded, total }) => upload.onProgress(total > 0 ? loaded / total : 0);
    request.onerror = () => reject(new ApiProblem(BROKEN_OFF));
    request.onabort = () => reject(upload.signal.reason);
    request.onload = () => {
      if (request.status < 200 || request.status > 299) reject(problemOf(request.status, request.responseText));
      else resolve(readAnswer<E>(request.responseText));
    };
    upload.signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}
