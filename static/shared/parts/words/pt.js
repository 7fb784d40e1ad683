/** What few answers have says this, in Portuguese of Brazil: the first of the three. */
/** @type {Record<string, string>} */
export default {
  "answer.approved": "Resposta aprovada pela equipe.",
  "answer.didYouMean": "Você quis dizer",
  "answer.askNext": "Você pode perguntar",
  "handover.ask": "Falar com uma pessoa",
  "handover.lead": "A equipe lê esta conversa inteira e responde. Escreva só o necessário.",
  "handover.reachBy": "Como responder a você (e-mail, telefone, ramal)",
  "handover.note": "O que mais a equipe precisa saber",
  "handover.leave": "Cancelar",
  "handover.hand": "Entregar a conversa",
  "form.optional": "pode ficar em branco",
  "form.choose": "Escolha…",
  "form.send": "Enviar",
  "form.sent": "Este formulário já foi enviado nesta conversa.",
};
