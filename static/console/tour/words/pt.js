/** O que a primeira volta pela casa diz, em português. */
/** @type {Record<string, string>} */
export default {
  "tour.offer": "Primeira vez aqui? Uma volta de um minuto mostra as {count} páginas de que você mais vai precisar.",
  "tour.take": "Fazer a volta",
  "tour.decline": "Agora não",
  "tour.at": "{at} de {count}",
  "tour.next": "Próxima",
  "tour.back": "Voltar",
  "tour.end": "Sair da volta",
  "tour.done": "Concluir",
  "tour.palette": "Volta pelas páginas principais",
  "tour.assistants": "Aqui tudo começa. Um assistente lê os documentos que você der a ele e responde só com eles, mostrando a página. Criar um leva três passos.",
  "tour.gaps": "As perguntas que ficaram sem resposta, reunidas pelo sentido. Passe por aqui toda semana: escreva a resposta ou junte o documento que faltava.",
  "tour.sources": "Uma pasta da rede, uma página ou um site inteiro: o que muda lá é lido de novo sozinho, e nada some por causa de uma falha.",
  "tour.people": "Convide os colegas, diga o que cada um pode fazer e encerre um acesso na hora.",
  "tour.backups": "Escolha a pasta e os dias. Cada cópia é provada por uma restauração à parte; sem isso, ela não conta.",
  "tour.doctor": "Se algo estiver errado, a causa e o remédio estão aqui. O exame não muda nada.",
};
